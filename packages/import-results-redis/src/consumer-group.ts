import type { ResultBatch } from '@tagtrail/import-contract';
import { BLOCK_LIMIT } from '@tagtrail/redis-connection';
import type { Redis } from 'ioredis';
import { parseClaim, parseEntries, parseRead, type RawEntry } from './parse-replies.ts';
import { decodeEntries } from './result-entry.ts';
import { RESULT_GROUP, type ResultLogKeys } from './result-log-keys.ts';
import { claimStale, readOwn } from './scripts.ts';

/** Entries at most per call: a script over more would hold the server for several ms (measured 1.5 ms at 500). */
export const BATCH_LIMIT = 1_000;

/** Calls of one search for stale entries; each looks at ten times its count, so this covers any sane backlog. */
const CLAIM_CALLS = 10;

const START = '0-0';

/** One consumer of the group: where it is in its own pending entries, and in those of others. */
export class ConsumerGroup {
  readonly #log: string;
  readonly #slot: string;
  readonly #consumer: string;
  /** Own entries up to here were handed out on this connection; undefined when all were. */
  #ownCursor: string | undefined = START;
  #claimCursor = START;

  constructor({ log, slot }: Pick<ResultLogKeys, 'log' | 'slot'>, consumer: string) {
    this.#log = log;
    this.#slot = slot;
    this.#consumer = consumer;
  }

  /** After a lost connection: an answer may have been lost, and its entries are now pending unseen. */
  startOver(): void {
    this.#ownCursor = START;
  }

  async read(redis: Redis, limits: { count: number; wait: number }): Promise<ResultBatch> {
    const count = batchSize(limits.count);
    const own = await this.#readOwn(redis, count);
    return this.#decode(own.length > 0 ? own : await this.#readNew(redis, count, limits.wait));
  }

  async claimStale(redis: Redis, limits: { count: number; idle: number }): Promise<ResultBatch> {
    let entries: readonly RawEntry[] = [];
    for (let call = 0; call < CLAIM_CALLS && entries.length === 0; call += 1) {
      const reply = await this.#withGroup(redis, () =>
        claimStale(
          redis,
          [this.#log],
          [RESULT_GROUP, this.#consumer, limits.idle, this.#claimCursor, batchSize(limits.count)],
        ),
      );
      const claim = parseClaim(reply);
      entries = claim.entries;
      this.#claimCursor = claim.next;
      if (claim.next === START) {
        break;
      }
    }
    return this.#decode(entries);
  }

  async #readOwn(redis: Redis, count: number): Promise<readonly RawEntry[]> {
    const after = this.#ownCursor;
    if (after === undefined) {
      return [];
    }
    const args = [RESULT_GROUP, this.#consumer, after, count];
    const reply = await this.#withGroup(redis, () => readOwn(redis, [this.#log], args));
    const entries = parseEntries(reply);
    this.#ownCursor = entries.at(-1)?.entry;
    return entries;
  }

  async #readNew(redis: Redis, count: number, wait: number): Promise<readonly RawEntry[]> {
    const command = ['GROUP', RESULT_GROUP, this.#consumer, 'COUNT', count];
    // BLOCK 0 would wait for ever.
    const block = wait >= 1 ? ['BLOCK', Math.min(Math.floor(wait), BLOCK_LIMIT)] : [];
    // In lower case: ioredis gives RESP3 replies their old shape by looking the name up as it is written.
    const reply = await this.#withGroup(redis, () =>
      redis.call('xreadgroup', ...command, ...block, 'STREAMS', this.#log, '>'),
    );
    return parseRead(reply);
  }

  /** Runs `work`; when the group is missing (first start, or somebody deleted the keys), makes it and runs again. */
  async #withGroup<T>(redis: Redis, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!isGroupMissing(error)) {
        throw error;
      }
      await createGroup(redis, this.#log);
      return work();
    }
  }

  #decode(entries: readonly RawEntry[]): ResultBatch {
    return decodeEntries(entries, { log: this.#log, group: RESULT_GROUP, slot: this.#slot });
  }
}

/** From the log's beginning: what was appended before the first reader came counts too. */
async function createGroup(redis: Redis, log: string): Promise<void> {
  try {
    await redis.xgroup('CREATE', log, RESULT_GROUP, '0', 'MKSTREAM');
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('BUSYGROUP'))) {
      throw error;
    }
    // Another consumer made it in the meantime.
  }
}

/** Whether the key or the group is gone. Redis before 7 puts the words of a script's error further back. */
export function isGroupMissing(error: unknown): boolean {
  return error instanceof Error && /NOGROUP|UNBLOCKED|no such key/.test(error.message);
}

function batchSize(count: number): number {
  return Math.max(1, Math.min(Math.floor(count), BATCH_LIMIT));
}
