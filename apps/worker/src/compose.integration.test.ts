import type { ImportJob } from '@tagtrail/import-contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  openRegistrySimulator,
  type RegistrySimulator,
} from '../../../packages/registry-simulator/src/index.ts';
import { importJob } from './testing/import-jobs.ts';
import { openWorkerForTest } from './testing/open-worker-for-test.ts';

/** ms in which a process must have ended; its forced end comes later. */
const DEADLINE = 4_000;
/** More than a host may run, less than a worker holds. */
const MANY = 40;

let hanging: RegistrySimulator;
let healthy: RegistrySimulator;
beforeEach(async () => {
  hanging = await openRegistrySimulator();
  healthy = await openRegistrySimulator();
  hanging.faults.set({}, { hang: true });
  healthy.push('shop/web', 'latest');
});
afterEach(async () => {
  await hanging[Symbol.asyncDispose]();
  await healthy[Symbol.asyncDispose]();
});

/** The nth job of a request. */
function requested({ host }: RegistrySimulator, slot = 0): ImportJob {
  const request = { id: `r-${host.split(':')[1]}`, replyTo: 'api', slot };
  return importJob(`${host}/shop/web`, { request, reason: 'requested' });
}

const manyRequested = (host: RegistrySimulator, count = MANY) =>
  Array.from({ length: count }, (_, slot) => requested(host, slot));

describe('a worker that is told to stop', () => {
  it('ends in time while a registry hangs, and gives the job back', async () => {
    await using worker = await openWorkerForTest();
    await worker.enqueue('imports', [importJob(`${hanging.host}/shop/web`)]);
    await hanging.waitForRequest(() => true);
    const stopped = performance.now();
    await worker.stop();
    expect(performance.now() - stopped).toBeLessThan(DEADLINE);
    expect(await worker.metrics('imports')).toMatchObject({ waiting: 1, active: 0, failed: 0 });
  });

  it('gives back requested jobs too, those that run and those that wait for their turn', async () => {
    await using worker = await openWorkerForTest();
    await worker.enqueue('requested-imports', manyRequested(hanging));
    await hanging.waitForRequest(() => true);
    const stopped = performance.now();
    await worker.stop();
    expect(performance.now() - stopped).toBeLessThan(DEADLINE);
    const left = await worker.metrics('requested-imports');
    expect(left).toMatchObject({ waiting: MANY, active: 0, failed: 0 });
  });
});

describe('requested imports', () => {
  it('of one host do not wait for another one that hangs', async () => {
    await using worker = await openWorkerForTest();
    await worker.enqueue('requested-imports', manyRequested(hanging));
    await hanging.waitForRequest(() => true);
    await worker.enqueue('requested-imports', [requested(healthy)]);
    const [first] = await worker.results(1);
    expect(first?.result).toMatchObject({
      registry: healthy.host,
      outcome: { kind: 'imported' },
      request: { slot: 0 },
    });
  });

  it('do not wait for the scheduled ones, though these have taken all their places', async () => {
    await using worker = await openWorkerForTest({ TAGTRAIL_IMPORT_CONCURRENCY: '1' });
    await worker.enqueue('imports', [importJob(`${hanging.host}/shop/web`)]);
    await hanging.waitForRequest(() => true);
    await worker.enqueue('requested-imports', [requested(healthy)]);
    const [first] = await worker.results(1);
    expect(first?.result).toMatchObject({ registry: healthy.host, reason: 'requested' });
  });

  it('have their deadline from when they run: waiting for a turn costs them nothing of it', async () => {
    const [perHost, late] = [16, 4];
    await using worker = await openWorkerForTest({ TAGTRAIL_IMPORT_JOB_DEADLINE: '1s' });
    await worker.enqueue('requested-imports', manyRequested(hanging, perHost + late));
    const results = (await worker.results(perHost + late)).map(({ result }) => result);
    expect(results.map(({ outcome }) => outcome)).toMatchObject(
      results.map(() => ({ kind: 'failed', reason: 'Timeout' })),
    );
    const byStart = results.toSorted((a, b) => a.fence - b.fence);
    const firstEnd = Math.min(...results.map(({ finishedAt }) => finishedAt));
    const waited = byStart.slice(perHost);
    expect(waited.every(({ startedAt }) => startedAt >= firstEnd)).toBe(true);
    expect(waited.every(({ startedAt, finishedAt }) => finishedAt - startedAt >= 950)).toBe(true);
  });
});
