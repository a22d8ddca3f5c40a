import { openRegistrySimulator, type RegistrySimulator } from '@tagtrail/registry-simulator';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { definition } from './definitions.ts';
import { eventually, type Installation, openInstallation } from './installation.ts';
import { looksPerSecond, middleOf } from './looks-per-second.ts';

const HOSTS = 20;
/** Tags per host, all on 1 s. */
const TAGS = 12;
/** ms of one measured span; with and without the faults in turn, so that a drifting machine hits both. */
const SPAN = 6_000;
const ROUNDS = 3;
/** Hung looks end with this, so that the next span without faults is one. */
const JOB_DEADLINE = '3s';
/** s for which the host that answers 429 asks to be left alone: no longer than a span. */
const RETRY_AFTER = '4';
/** ms for the troubled hosts to be in trouble, or well again, on a machine that does much else. */
const SETTLED = 30_000;

let tagtrail: Installation;
let simulators: readonly RegistrySimulator[] = [];

beforeAll(async () => {
  simulators = await Promise.all(Array.from({ length: HOSTS }, () => openRegistrySimulator()));
  const counts = { api: 1, producer: 1, worker: 2, 'status-writer': 1 };
  tagtrail = await openInstallation(counts, { TAGTRAIL_IMPORT_JOB_DEADLINE: JOB_DEADLINE });
});
afterAll(async () => {
  await tagtrail[Symbol.asyncDispose]();
  await Promise.all(simulators.map((simulator) => simulator[Symbol.asyncDispose]()));
});

/** Every host with its tags, all of them looked at once. */
async function defineAll(): Promise<void> {
  for (const [index, simulator] of simulators.entries()) {
    const sources: Record<string, string> = {};
    for (let tag = 0; tag < TAGS; tag += 1) {
      // Tags of one repository fall due together, and a span would hold one such wave more or less.
      simulator.push(`shop/app${tag}`, 'v1');
      sources[`v${tag}`] = `${simulator.host}/shop/app${tag}:v1`;
    }
    await tagtrail.client.streams.create(definition(`host${index}`, sources, { schedule: '1s' }));
  }
  await eventually(async () => {
    const { items } = await tagtrail.client.checks.list({ namespace: 'demo' });
    const looked = items.flatMap(({ tags }) => tags).filter(({ lastChecked }) => lastChecked);
    return looked.length === TAGS * HOSTS ? true : undefined;
  }, SETTLED);
}

it('a host that hangs, one that is slow, one that answers 429 and one that fails at random leave the pace of sixteen others alone', async () => {
  const [hung, slow, strict, failing, ...healthy] = simulators;
  if (!hung || !slow || !strict || !failing) throw new Error('too few hosts');
  const troubled = [hung, slow, strict, failing];
  await defineAll();
  const ratios: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const without = await looksPerSecond(healthy, SPAN);
    const faults = [
      hung.faults.set({ route: 'manifest' }, { hang: true }),
      slow.faults.set({ route: 'manifest' }, { latency: 10_000 }),
      strict.faults.set(
        { route: 'manifest' },
        { status: 429, headers: { 'retry-after': RETRY_AFTER } },
      ),
      failing.faults.set({ route: 'manifest', probability: 0.5 }, { status: 503 }),
    ];
    await eventually(
      async () => (faults.every(({ applied }) => applied > 0) ? true : undefined),
      SETTLED,
    );
    const during = await looksPerSecond(healthy, SPAN);
    ratios.push(during / without);
    for (const simulator of troubled) {
      simulator.faults.clear();
      simulator.clearRequests();
    }
    await eventually(
      async () => (troubled.every(({ requests }) => requests.length > TAGS) ? true : undefined),
      SETTLED,
    );
  }
  const { median, told } = middleOf(ratios);
  process.stdout.write(`twenty hosts: ${told}\n`);
  expect(median, told).toBeGreaterThanOrEqual(0.95);
}, 240_000);
