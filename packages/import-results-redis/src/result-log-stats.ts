import type { ResultLogStats } from '@tagtrail/import-contract';
import type { Redis } from 'ioredis';
import { isGroupMissing } from './consumer-group.ts';
import { list, parseFields } from './parse-replies.ts';
import { RESULT_GROUP, type ResultLogKeys } from './result-log-keys.ts';
import { countUndelivered } from './scripts.ts';

/** ResultLogStats.lag when the server cannot say: before Redis 7, or after entries were cut out of the middle. */
const UNKNOWN_LAG = -1;

/** One round trip; a log that does not exist yet is empty. */
export async function readStats(redis: Redis, keys: ResultLogKeys): Promise<ResultLogStats> {
  const [lag, groups, oldest, length, deadLetters] = await Promise.all([
    countUndelivered(redis, [keys.log], [RESULT_GROUP]),
    orNothing(redis.call('XINFO', 'GROUPS', keys.log)),
    orNothing(redis.call('XPENDING', keys.log, RESULT_GROUP, '-', '+', 1)),
    redis.xlen(keys.log),
    redis.xlen(keys.deadLetters),
  ]);
  const group = list(groups)
    .map(parseFields)
    .find((fields) => fields.get('name') === RESULT_GROUP);
  const [, , idle] = list(list(oldest)[0]);
  return {
    // More than there is, is a count gone wrong.
    lag: group === undefined ? length : Math.min(numberOr(lag, UNKNOWN_LAG), length),
    pending: numberOr(group?.get('pending'), 0),
    length,
    deadLetters,
    oldestPending: numberOr(idle, 0),
  };
}

async function orNothing(reply: Promise<unknown>): Promise<unknown> {
  try {
    return await reply;
  } catch (error) {
    if (isGroupMissing(error)) {
      return undefined;
    }
    throw error;
  }
}

function numberOr(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}
