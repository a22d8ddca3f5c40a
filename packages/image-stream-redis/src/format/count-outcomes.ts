import { LISTING_TAG } from '@tagtrail/image-stream';
import type { Redis } from 'ioredis';
import { readChecks } from '../check-store.ts';
import { parseMember, type RecordKeys } from '../keys.ts';

/** Streams whose check states are read in one go: a hundred with a thousand tags each are some 20 MB. */
const STREAMS_AT_A_TIME = 100;

/** Counts the outcomes of all check states, stream by stream. `onPage` hears how many streams a page had. */
export async function countOutcomes(
  redis: Redis,
  keys: RecordKeys,
  onPage: (streams: number) => Promise<void>,
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  let after = '-';
  for (;;) {
    const members = await redis.zrangebylex(keys.names, after, '+', 'LIMIT', 0, STREAMS_AT_A_TIME);
    const last = members.at(-1);
    if (last === undefined) return counts;
    const outcomes = await Promise.all(members.map((member) => outcomesOf(redis, keys, member)));
    for (const outcome of outcomes.flat()) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
    await onPage(members.length);
    after = `(${last}`;
  }
}

async function outcomesOf(redis: Redis, keys: RecordKeys, member: string) {
  const uid = await redis.hget(keys.record(parseMember(member)), 'uid');
  const checks = await readChecks(redis, keys, uid ?? '');
  return [...checks].flatMap(([tag, { outcome }]) => (tag === LISTING_TAG ? [] : [outcome]));
}
