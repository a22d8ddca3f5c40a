import type { ImportResult, RepositoryListingResult, ResultBatch } from '@tagtrail/import-contract';
import { type GuardedRedis, openGuardedRedis } from '@tagtrail/redis-connection';
import type { Redis } from 'ioredis';
import { openResultLog, type RedisResultLog } from '../open-result-log.ts';
import { RESULT_GROUP, resultLogKeys } from '../result-log-keys.ts';

export const KEYS = resultLogKeys('tagtrail');

/** Limits of a read that does not wait. */
export const NOW = { count: 100, wait: 0 };

const DIGEST = `sha256:${'a'.repeat(64)}`;

/** Logs on one server, and a connection beside them. For tests only. */
export interface ResultLogFixture extends AsyncDisposable {
  readonly url: string;
  readonly direct: Redis;
  open(consumer?: string, url?: string): Promise<RedisResultLog>;
  /** Disposes of logs, and empties the server. */
  clear(): Promise<void>;
  acknowledge(batch: ResultBatch): Promise<void>;
  /** Until the server shows a blocked reader, so that what follows meets it waiting. */
  someoneBlocks(): Promise<void>;
}

export async function openFixture(url: string): Promise<ResultLogFixture> {
  const beside = openGuardedRedis({ url, name: 'test' });
  await beside.ready();
  return new Fixture(url, beside);
}

class Fixture implements ResultLogFixture {
  readonly url: string;
  readonly direct: Redis;
  readonly #beside: GuardedRedis;
  readonly #opened: RedisResultLog[] = [];

  constructor(url: string, beside: GuardedRedis) {
    this.url = url;
    this.#beside = beside;
    this.direct = beside.redis;
  }

  async open(consumer = 'writer-1', url = this.url): Promise<RedisResultLog> {
    const log = await openResultLog({ url, consumer });
    this.#opened.push(log);
    return log;
  }

  async clear(): Promise<void> {
    await Promise.all(this.#opened.splice(0).map((log) => log[Symbol.asyncDispose]()));
    await this.direct.flushall();
  }

  async acknowledge(batch: ResultBatch): Promise<void> {
    const delivered = [...batch.results, ...batch.listings];
    const entries = delivered.map(({ receipt }) => receipt.entry);
    await this.direct.xack(KEYS.log, RESULT_GROUP, ...entries);
  }

  async someoneBlocks(): Promise<void> {
    const clients = await this.direct.info('clients');
    if (!clients.includes('blocked_clients:1')) {
      await this.someoneBlocks();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.clear();
    await this.#beside[Symbol.asyncDispose]();
  }
}

export function result(fence: number): ImportResult {
  return {
    version: 1,
    fence,
    key: { namespace: 'shop', name: 'web', uid: '0d1f', tag: 'latest' },
    generation: 3,
    requestCount: 0,
    reason: 'interval',
    dueAt: 1_000,
    startedAt: 1_002,
    finishedAt: 1_500,
    registry: 'docker.io',
    from: 'redis:7',
    outcome: { kind: 'unchanged', upstreamDigest: DIGEST, image: DIGEST },
  };
}

export function listing(fence: number): RepositoryListingResult {
  return {
    kind: 'repository-listing',
    version: 1,
    fence,
    key: { namespace: 'shop', name: 'web', uid: '0d1f' },
    generation: 3,
    reason: 'never-imported',
    dueAt: 1_000,
    startedAt: 1_002,
    finishedAt: 1_500,
    registry: 'docker.io',
    from: 'redis',
    outcome: { kind: 'listed', tags: ['latest', '7'] },
  };
}

export async function append(log: RedisResultLog, ...fences: readonly number[]): Promise<void> {
  for (const fence of fences) {
    await log.append(result(fence));
  }
}

export function fencesOf(batch: ResultBatch): number[] {
  return batch.results.map((delivered) => delivered.result.fence);
}
