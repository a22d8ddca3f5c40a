import type { DeliveredResult } from '@tagtrail/import-contract';
import type { Redis } from 'ioredis';
import { isGroupMissing } from './consumer-group.ts';
import { list } from './parse-replies.ts';
import { RESULT_GROUP, type ResultLogKeys } from './result-log-keys.ts';
import { bury, forgetConsumers, trim } from './scripts.ts';

/** Entries kept when readers stand still: a fuse for the server's memory (554 bytes each, measured), not a policy. */
export const LOG_LIMIT = 1_000_000;

/** Calls per trim, each of some ten thousand entries: more than LOG_LIMIT, so that one trim catches up with any burst. */
const TRIM_CALLS = 150;

/** Dead letters are for people to read; older ones make room. */
export const DEAD_LETTER_LIMIT = 1_000;
/** Bytes kept of a value and values kept of an entry, so that the dead letters stay within some 100 MB. */
const DEAD_LETTER_BYTES = 16_384;
const DEAD_LETTER_VALUES = 6;

/** ms. Longer than any living reader is silent: they ask every few seconds. */
const CONSUMER_SILENCE = 3_600_000;

/** An entry to put away, and why. */
export interface Burial {
  readonly receipt: DeliveredResult['receipt'];
  readonly problem: string;
}

/** What a trim removed, in entries. `lost` ones were cut by LOG_LIMIT whether acknowledged or not: worth an alert. */
export interface TrimReport {
  readonly done: number;
  readonly lost: number;
}

/** Acknowledges entries and keeps copies of them; harmless when repeated. */
export async function buryEntries(
  redis: Redis,
  keys: ResultLogKeys,
  burials: readonly Burial[],
): Promise<void> {
  if (burials.length === 0) {
    return;
  }
  const limits = [DEAD_LETTER_LIMIT, DEAD_LETTER_BYTES, DEAD_LETTER_VALUES];
  const letters = burials.flatMap(({ receipt, problem }) => [receipt.entry, problem]);
  await bury(redis, [keys.log, keys.deadLetters], [RESULT_GROUP, ...limits, ...letters]);
}

/** Drops what is done, and consumers that nobody has heard of for long. */
export async function trimLog(redis: Redis, keys: ResultLogKeys): Promise<TrimReport> {
  await forget(redis, keys, [CONSUMER_SILENCE, '']);
  const report = { done: 0, lost: 0 };
  for (let call = 0; call < TRIM_CALLS; call += 1) {
    const [done, lost] = list(await trim(redis, [keys.log], [LOG_LIMIT])).map(Number);
    if (!done && !lost) {
      break;
    }
    report.done += done ?? 0;
    report.lost += lost ?? 0;
  }
  return report;
}

/** Takes a consumer out of the group unless it still holds entries. */
export async function forgetConsumer(
  redis: Redis,
  keys: ResultLogKeys,
  consumer: string,
): Promise<void> {
  await forget(redis, keys, [0, consumer]);
}

async function forget(
  redis: Redis,
  keys: ResultLogKeys,
  [silence, consumer]: readonly [number, string],
): Promise<void> {
  try {
    await forgetConsumers(redis, [keys.log], [RESULT_GROUP, silence, consumer]);
  } catch (error) {
    if (!isGroupMissing(error)) {
      throw error;
    }
    // No group, no consumers.
  }
}
