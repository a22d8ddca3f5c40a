import { openRegistrySimulator, type RegistrySimulator } from '@tagtrail/registry-simulator';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { definition, digestsOf } from './definitions.ts';
import {
  eventually,
  type Installation,
  openInstallation,
  type RunningApp,
  waitForLine,
} from './installation.ts';

/** BullMQ's lock lasts 30 s; it is seen to be gone at the second of two looks, 15 s apart. Half of it again for a busy machine. */
const TAKEN_OVER_WITHIN = 75_000;
const LOCK = 30_000;
/** The whole test: a take-over, and some looks before and after it. */
const TEST_LIMIT = 150_000;
/** ms that the registry thinks about an answer: enough to freeze the worker that waits for it. */
const ANSWER_TIME = 1_500;
/** Looks of a worker that woke up: the frozen one may be among them, and another that began before it. */
const LOOKS_AFTERWARDS = 3;

let simulator: RegistrySimulator;
let tagtrail: Installation;

beforeAll(async () => {
  simulator = await openRegistrySimulator();
  tagtrail = await openInstallation({ api: 1, producer: 1, 'status-writer': 1 });
});
afterAll(async () => {
  await tagtrail[Symbol.asyncDispose]();
  await simulator[Symbol.asyncDispose]();
});

/**
 * A worker that is frozen while it waits for an answer about a tag that it imported before; the answer reaches it in its
 * sleep, and is all that it needs to say that the tag has not moved.
 */
async function freezeInLook(name: string, settings: Readonly<Record<string, string>>) {
  const repository = `frozen/${name}`;
  const old = simulator.push(repository, 'latest').digest;
  const worker = await tagtrail.start('worker', settings);
  const source = { latest: `${simulator.host}/${repository}` };
  await tagtrail.client.streams.create(definition(name, source, { schedule: '1s' }));
  await untilDigests(name, [old], 10_000);
  const looks = await importsOf(worker);
  const slow = simulator.faults.set({ repository }, { latency: ANSWER_TIME });
  simulator.clearRequests();
  await simulator.waitForRequest((request) => request.repository === repository);
  worker.child.kill('SIGSTOP');
  slow[Symbol.dispose]();
  return { name, repository, worker, old, looks };
}

async function stream(name: string) {
  return tagtrail.client.streams.get({ namespace: 'demo', name });
}

async function versionOf(name: string) {
  return (await stream(name)).metadata.resourceVersion;
}

async function untilDigests(name: string, digests: readonly string[], limit: number) {
  await eventually(async () => {
    const found = digestsOf(await stream(name), 'latest');
    return found.join() === digests.join() ? true : undefined;
  }, limit);
}

/** Imports that a worker has brought to an end, by its own count. */
async function importsOf(worker: RunningApp): Promise<number> {
  const { url } = await waitForLine(worker, ({ msg }) => msg === 'health and metrics', 1_000);
  const text = await (await fetch(`${url}/metrics`)).text();
  const counts = [...text.matchAll(/^tagtrail_imports_total\{.*\} (\d+)$/gm)];
  return counts.reduce((sum, [, count]) => sum + Number(count), 0);
}

it('SIGSTOP of a worker beyond its lock, and resume: no doubled history, no wrong record', {
  timeout: TEST_LIMIT,
}, async () => {
  // One whose look is over time when it wakes up, and one that takes the old answer for good.
  const late = await freezeInLook('late', {});
  const patient = await freezeInLook('patient', { TAGTRAIL_IMPORT_JOB_DEADLINE: '5m' });
  const both = [late, patient];
  const frozenAt = performance.now();
  // The report may be a second old.
  await eventually(async () => {
    const { queue } = await tagtrail.client.queueMetrics();
    return queue.active === 2 ? true : undefined;
  }, 5_000);

  const moved = both.map(({ repository }) => simulator.push(repository, 'latest').digest);
  await tagtrail.start('worker');
  for (const [index, { name, old }] of both.entries()) {
    await untilDigests(name, [moved[index] ?? '', old], TAKEN_OVER_WITHIN);
  }
  expect(performance.now() - frozenAt).toBeGreaterThan(LOCK - ANSWER_TIME);
  const again = both.map(({ repository }) => simulator.push(repository, 'latest').digest);
  const histories = both.map(({ old }, index) => [again[index] ?? '', moved[index] ?? '', old]);
  for (const [index, { name }] of both.entries()) {
    await untilDigests(name, histories[index] ?? [], 10_000);
  }
  const versions = await Promise.all(both.map(({ name }) => versionOf(name)));

  for (const { worker } of both) worker.child.kill('SIGCONT');
  // Whatever they make of the old answer comes before the end of what they begin now, or of themselves.
  for (const { worker, looks } of both) {
    const some = looks + LOOKS_AFTERWARDS;
    await eventually(async () => ((await importsOf(worker)) >= some ? true : undefined), 30_000);
    expect(await worker.stop('SIGTERM')).toBe(0);
  }
  await eventually(async () => {
    const { results } = await tagtrail.client.queueMetrics();
    return results.pending + results.lag === 0 ? true : undefined;
  }, 10_000);

  for (const [index, { name }] of both.entries()) {
    const list = (await stream(name)).status.tags?.find(({ tag }) => tag === 'latest');
    expect(list?.items?.map(({ image }) => image)).toEqual(histories[index]);
    expect(list?.conditions).toBeUndefined();
    // Not even for a moment: a look that finds nothing new writes nothing.
    expect(await versionOf(name)).toBe(versions[index]);
    const key = { namespace: 'demo', name, tag: 'latest' };
    const { items } = await tagtrail.client.history.list(key);
    expect(items.map(({ image }) => image)).toEqual(histories[index]);
  }
});
