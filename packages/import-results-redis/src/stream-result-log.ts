import type {
  LoggedResult,
  ResultBatch,
  ResultLog,
  ResultLogStats,
} from '@tagtrail/import-contract';
import { adoptRun, type GuardedRedis, openGuardedRedis } from '@tagtrail/redis-connection';
import type { Redis } from 'ioredis';
import { ConsumerGroup } from './consumer-group.ts';
import { gatherCalls } from './gather-calls.ts';
import { entryValues } from './result-entry.ts';
import { ResultLogError, resultLogError } from './result-log-error.ts';
import type { ResultLogKeys } from './result-log-keys.ts';
import { readStats } from './result-log-stats.ts';
import {
  type Burial,
  buryEntries,
  forgetConsumer,
  type TrimReport,
  trimLog,
} from './result-log-upkeep.ts';
import { append } from './scripts.ts';

/** Fences a forgetful server may have issued and lost: two seconds (`appendfsync everysec`) at its fullest speed. */
const FENCE_JUMP = 1_000_000;

/**
 * No fence lies above. From 2^53 on two numbers are one, and two runs would get the same fence; ioredis reads the last fifty
 * below it wrong already.
 */
const GREATEST_FENCE = 2 ** 52;

/** Tries of an append or a new run. A connection lost under way leaves open what happened; both may happen twice. */
const WRITE_ATTEMPTS = 3;

/**
 * Looks that end together are common, because tags of a repository are due together. Their results wait `wait` ms (a
 * fraction of a look) for one another and are appended in one call; so their jobs end together too, and the next ones are
 * taken together. `count` holds Redis for less than a millisecond.
 */
const APPENDS = { wait: 10, count: 64 } as const;
/** Runs that start in one turn of the event loop get their fences in one call. */
const STARTS = { wait: 0, count: 1_000 } as const;

/** Redis's side of the ResultLog port. Readers get a connection of their own: a waiting read stops all behind it. */
export class StreamResultLog implements ResultLog {
  readonly #url: string;
  readonly #consumer: string;
  readonly #keys: ResultLogKeys;
  readonly #group: ConsumerGroup;
  readonly #writer: GuardedRedis;
  readonly #append = gatherCalls(
    (results: readonly LoggedResult[]) => this.#appendAll(results),
    APPENDS,
  );
  readonly #start = gatherCalls((runs: readonly unknown[]) => this.#startAll(runs.length), STARTS);
  /** Opened by the first read: workers never read. */
  #reader: GuardedRedis | undefined;
  #disposed = false;

  constructor(keys: ResultLogKeys, options: { readonly url: string; readonly consumer: string }) {
    this.#url = options.url;
    this.#consumer = options.consumer;
    this.#keys = keys;
    this.#group = new ConsumerGroup(keys, options.consumer);
    this.#writer = openGuardedRedis({
      url: options.url,
      name: `results:${options.consumer}`,
      onConnected: async (redis) => {
        const counter = { runKey: keys.fenceRun, counterKey: keys.fence, jump: FENCE_JUMP };
        await adoptRun(redis, counter);
      },
    });
  }

  /** Resolves once connected. */
  reach(): Promise<void> {
    return this.#use('reach the result log', async () => undefined);
  }

  startRun(): Promise<number> {
    return this.#start(undefined);
  }

  append(result: LoggedResult): Promise<void> {
    return this.#append(result);
  }

  read(limits: { readonly count: number; readonly wait: number }): Promise<ResultBatch> {
    return this.#translate('read results', async () => {
      const reader = this.#openReader();
      await reader.ready();
      return this.#group.read(reader.redis, limits);
    });
  }

  claimStale(limits: { readonly count: number; readonly idle: number }): Promise<ResultBatch> {
    return this.#use('claim stale results', (redis) => this.#group.claimStale(redis, limits));
  }

  bury(entries: readonly Burial[]): Promise<void> {
    return this.#use('bury results', (redis) => buryEntries(redis, this.#keys, entries));
  }

  stats(): Promise<ResultLogStats> {
    return this.#use('read the state of the result log', (redis) => readStats(redis, this.#keys));
  }

  trim(): Promise<TrimReport> {
    return this.#use('trim the result log', (redis) => trimLog(redis, this.#keys));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    if (this.#reader !== undefined) {
      await this.#reader[Symbol.asyncDispose]();
      await this.#leave();
    }
    await this.#writer[Symbol.asyncDispose]();
  }

  async #appendAll(results: readonly LoggedResult[]): Promise<readonly undefined[]> {
    const values = results.flatMap(entryValues);
    await this.#insist('append results', (redis) =>
      append(redis, [this.#keys.log, this.#keys.fence], values),
    );
    return results.map(() => undefined);
  }

  async #startAll(runs: number): Promise<readonly number[]> {
    const attempt = 'start runs';
    const last = await this.#insist(attempt, (redis) => redis.incrby(this.#keys.fence, runs));
    if (last > GREATEST_FENCE) throw beyondCounting(attempt, this.#keys.fence);
    return Array.from({ length: runs }, (_, at) => last - runs + 1 + at);
  }

  /** A name that nobody comes back to should not stay in the group; one that holds entries must. */
  async #leave(): Promise<void> {
    try {
      await forgetConsumer(this.#writer.redis, this.#keys, this.#consumer);
    } catch {
      // Without a connection, or disposed of twice: a later trim removes the name.
    }
  }

  #openReader(): GuardedRedis {
    if (this.#disposed) {
      throw closed('read results');
    }
    this.#reader ??= openGuardedRedis({
      url: this.#url,
      name: `results-read:${this.#consumer}`,
      blocking: true,
      onConnected: async () => this.#group.startOver(),
    });
    return this.#reader;
  }

  #use<T>(attempt: string, work: (redis: Redis) => Promise<T>): Promise<T> {
    return this.#translate(attempt, async () => {
      await this.#writer.ready();
      return work(this.#writer.redis);
    });
  }

  /** Like `#use`, but again when the connection broke under it: for what may happen twice. */
  async #insist<T>(attempt: string, work: (redis: Redis) => Promise<T>): Promise<T> {
    for (let left = WRITE_ATTEMPTS - 1; left > 0; left -= 1) {
      try {
        return await this.#use(attempt, work);
      } catch (error) {
        if (!(error instanceof ResultLogError && error.retryable)) {
          throw error;
        }
      }
    }
    return this.#use(attempt, work);
  }

  async #translate<T>(attempt: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw this.#disposed ? closed(attempt) : resultLogError(attempt, error);
    }
  }
}

function closed(attempt: string): ResultLogError {
  return new ResultLogError('closed', `could not ${attempt}: the result log was closed`);
}

/** Waiting won't mend it: some import or hand has put the counter there. */
function beyondCounting(attempt: string, key: string): ResultLogError {
  return new ResultLogError(
    'refused',
    `could not ${attempt}: nobody can count on from what ${key} holds`,
  );
}
