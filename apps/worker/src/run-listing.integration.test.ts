import { randomUUID } from 'node:crypto';
import type { QueuedJob, RepositoryListingJob } from '@tagtrail/import-contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  openRegistrySimulator,
  type RegistrySimulator,
} from '../../../packages/registry-simulator/src/index.ts';
import { importJob } from './testing/import-jobs.ts';
import { openWorkerForTest, type WorkerForTest } from './testing/open-worker-for-test.ts';

const REQUEST = { id: 'r-1', replyTo: 'api', slot: 0 };

let worker: WorkerForTest;
let simulator: RegistrySimulator;
beforeEach(async () => {
  worker = await openWorkerForTest();
  simulator = await openRegistrySimulator();
});
afterEach(async () => {
  await worker[Symbol.asyncDispose]();
  await simulator[Symbol.asyncDispose]();
});

/** Of a stream of its own: a job that is just ending would swallow the next one of the same stream. */
function listing(from: string, fields: Partial<RepositoryListingJob> = {}): RepositoryListingJob {
  return {
    kind: 'repository-listing',
    version: 1,
    key: { namespace: 'demo', name: 'app', uid: randomUUID() },
    generation: 3,
    reason: 'requested',
    dueAt: 0,
    createdAt: 0,
    from,
    insecure: true,
    ...fields,
  };
}

/** What the worker makes of one job. */
async function outcomeOf(job: QueuedJob, queue: 'imports' | 'requested-imports') {
  await worker.enqueue(queue, [job]);
  const [delivered] = await worker.results(1);
  if (delivered === undefined) throw new Error('no result');
  return delivered;
}

describe('a worker', () => {
  it('lists a repository by tag priority, for whoever asked', async () => {
    for (const tag of ['other', '1.2', 'latest', '1.10']) simulator.push('shop/web', tag);
    const job = listing(`${simulator.host}/shop/web`, { request: REQUEST });
    const { result, replyAddress } = await outcomeOf(job, 'requested-imports');
    expect(result).toMatchObject({
      kind: 'repository-listing',
      generation: 3,
      outcome: { kind: 'listed', tags: ['latest', '1.10', '1.2', 'other'] },
      request: REQUEST,
    });
    expect(replyAddress).toMatchObject({ id: 'r-1', slot: 0 });
  });

  it('lists for the schedule too, for nobody in particular', async () => {
    simulator.push('shop/web', 'v1');
    const job = listing(`${simulator.host}/shop/web`, { reason: 'interval' });
    const { result, replyAddress } = await outcomeOf(job, 'imports');
    expect(result).toMatchObject({ reason: 'interval', outcome: { kind: 'listed', tags: ['v1'] } });
    expect([replyAddress, result.request]).toEqual([undefined, undefined]);
  });

  it('tells why it could not list, and nothing of a list that broke off', async () => {
    const none = listing(`${simulator.host}/shop/none`);
    const { result } = await outcomeOf(none, 'imports');
    expect(result.outcome).toMatchObject({ kind: 'failed', reason: 'NotFound' });
    const { result: unreadable } = await outcomeOf(listing('not//readable'), 'imports');
    expect(unreadable.outcome).toMatchObject({ kind: 'failed', reason: 'InvalidReference' });
    for (let at = 0; at < 1_001; at += 1) simulator.push('shop/long', `v${at}`);
    simulator.faults.set({ route: 'tags', skip: 1 }, { status: 503 });
    const { result: half } = await outcomeOf(listing(`${simulator.host}/shop/long`), 'imports');
    expect(half.outcome).toMatchObject({ kind: 'failed', reason: 'RegistryError' });
    expect(half.outcome).not.toHaveProperty('tags');
  });

  it('hands on who asked and what is to be recorded', async () => {
    simulator.push('shop/web', 'v1');
    const records = {
      importPolicy: { importMode: 'Legacy' },
      referencePolicy: { type: 'Source' },
      createsStream: true,
      listed: false,
    } as const;
    const job = importJob(`${simulator.host}/shop/web:v1`, { request: REQUEST, records });
    const { result } = await outcomeOf(job, 'requested-imports');
    expect(result).toMatchObject({ request: REQUEST, records, outcome: { kind: 'imported' } });
  });
});
