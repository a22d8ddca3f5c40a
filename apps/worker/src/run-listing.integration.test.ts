import { randomUUID } from 'node:crypto';
import type { RepositoryListingJob } from '@tagtrail/import-contract';
import { openImportQueue } from '@tagtrail/import-queue-bullmq';
import { openResultLog } from '@tagtrail/import-results-redis';
import { createLogger } from '@tagtrail/observability';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type EmbeddedRedis,
  openRedisForTest,
} from '../../../packages/embedded-redis/src/index.ts';
import {
  openRegistrySimulator,
  type RegistrySimulator,
} from '../../../packages/registry-simulator/src/index.ts';
import { compose } from './compose.ts';
import { readConfig } from './config.ts';
import { importJob } from './testing/import-jobs.ts';

let server: EmbeddedRedis;
let simulator: RegistrySimulator;
let stopWorker: () => Promise<void>;
beforeEach(async () => {
  server = await openRedisForTest();
  simulator = await openRegistrySimulator();
  const config = readConfig({ REDIS_URL: server.url, TAGTRAIL_HEALTH_PORT: '0' });
  const logger = createLogger({ name: 'test', level: 'silent', format: 'json' });
  const service = await compose(config, { logger });
  const stop = new AbortController();
  const running = service.run(stop.signal);
  stopWorker = async () => {
    stop.abort();
    await running;
    await service[Symbol.asyncDispose]();
  };
});
afterEach(async () => {
  await stopWorker();
  await simulator[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

const REQUEST = { id: 'r-1', replyTo: 'api', slot: 0 };

const listing = (from: string, fields: Partial<RepositoryListingJob> = {}) =>
  ({
    kind: 'repository-listing',
    version: 1,
    key: { namespace: 'demo', name: 'app', uid: 'u' },
    generation: 3,
    reason: 'requested',
    dueAt: 0,
    createdAt: 0,
    from,
    insecure: true,
    ...fields,
  }) satisfies RepositoryListingJob;

/** What a worker makes of a job that somebody asked for. */
async function outcomeOf(job: RepositoryListingJob | ReturnType<typeof importJob>) {
  await using queue = await openImportQueue({ url: server.url, queue: 'requested-imports' });
  await using results = await openResultLog({ url: server.url, consumer: randomUUID() });
  await queue.enqueue([{ job, leaseExpired: false }]);
  for (;;) {
    const batch = await results.read({ count: 10, wait: 5_000 });
    const [found] = [...batch.results, ...batch.listings];
    if (found !== undefined) return found;
  }
}

describe('a worker', () => {
  it('lists a repository by tag priority, for whoever asked', async () => {
    for (const tag of ['other', '1.2', 'latest', '1.10']) simulator.push('shop/web', tag);
    const { result, replyAddress } = await outcomeOf(
      listing(`${simulator.host}/shop/web`, { request: REQUEST }),
    );
    expect(result).toMatchObject({
      kind: 'repository-listing',
      generation: 3,
      outcome: { kind: 'listed', tags: ['latest', '1.10', '1.2', 'other'] },
      request: REQUEST,
    });
    expect(replyAddress).toMatchObject({ id: 'r-1', slot: 0 });
  });

  it('tells why it could not list', async () => {
    const { result } = await outcomeOf(listing(`${simulator.host}/shop/none`));
    expect(result.outcome).toMatchObject({ kind: 'failed', reason: 'NotFound' });
    const { result: unreadable } = await outcomeOf(listing('not//readable'));
    expect(unreadable.outcome).toMatchObject({ kind: 'failed', reason: 'InvalidReference' });
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
    const { result } = await outcomeOf(job);
    expect(result).toMatchObject({ request: REQUEST, records, outcome: { kind: 'imported' } });
  });
});
