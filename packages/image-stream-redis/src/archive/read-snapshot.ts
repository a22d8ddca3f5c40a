import type { HistorySnapshot, StreamKey, StreamSnapshot, TagEvent } from '@tagtrail/image-stream';
import { StoreError } from '@tagtrail/image-stream';
import type { GuardedRedis } from '@tagtrail/redis-connection';
import { readableChecks } from '../check-store.ts';
import { decodeRecord } from '../encode-record.ts';
import type { RecordKeys } from '../keys.ts';
import { MAX_HISTORY_PAGE } from '../limits.ts';
import { unpackTagEvent } from '../pack-tag-event.ts';
import { parseStored } from '../parse-stored.ts';

type Redis = GuardedRedis['redis'];

/** Reads of a stream whose tags come and go while it is read; each is a whole transaction. */
const SNAPSHOT_ATTEMPTS = 20;
/** Replies in front of those about histories. */
const FIXED_REPLIES = 3;

/**
 * Record, check states, and of every history its length and newest event, in one transaction. Histories only grow at their
 * newer end, so the rest of them can be read afterwards.
 * @throws StoreError `damaged`; `unavailable` for a stream that does not stand still for as long as the transaction takes
 */
export async function readSnapshot(
  redis: Redis,
  keys: RecordKeys,
  key: StreamKey,
): Promise<StreamSnapshot | undefined> {
  for (let attempt = 0; attempt < SNAPSHOT_ATTEMPTS; attempt += 1) {
    const uid = await redis.hget(keys.record(key), 'uid');
    if (uid === null) return readWithoutUid(redis, keys, key);
    const tags = (await redis.hkeys(keys.histories(uid))).sort();
    const transaction = redis.multi();
    transaction.hgetall(keys.record(key)).hgetall(keys.checks(uid)).hkeys(keys.histories(uid));
    for (const tag of tags) {
      const history = keys.history(uid, tag);
      transaction.llen(history).lindex(history, 0);
    }
    const [record, checks, known, ...rest] = valuesOf(await transaction.exec());
    const stream = decodeRecord(record as Record<string, string>);
    if (stream?.metadata.uid !== uid || !isSameList(tags, (known as string[]).sort())) continue;
    const histories = readHistories(tags, rest);
    return { stream, checks: readableChecks(checks as Record<string, string>), histories };
  }
  throw new StoreError('unavailable', 'a stream changes faster than it can be read');
}

/** There is no such stream, or it is damaged, which decoding tells. */
async function readWithoutUid(redis: Redis, keys: RecordKeys, key: StreamKey): Promise<undefined> {
  const stream = decodeRecord(await redis.hgetall(keys.record(key)));
  if (stream !== undefined) throw new StoreError('damaged', 'a stored ImageStream is not readable');
}

/** The events from `offset` on; undefined when they are gone, which happens to deleted streams only. */
export async function readEvents(
  redis: Redis,
  keys: RecordKeys,
  {
    uid,
    tag,
    history,
    offset,
    limit,
  }: {
    readonly uid: string;
    readonly tag: string;
    readonly history: HistorySnapshot;
    readonly offset: number;
    readonly limit: number;
  },
): Promise<readonly TagEvent[] | undefined> {
  const { length, newest } = history;
  const end = Math.min(length, offset + Math.max(1, Math.min(limit, MAX_HISTORY_PAGE)));
  const first = Math.max(offset, 1);
  // Counted from the oldest, because newer ones may have come since.
  const texts =
    first < end ? await redis.lrange(keys.history(uid, tag), first - length, end - 1 - length) : [];
  if (texts.length < end - first) return undefined;
  const older = texts.map(readEvent);
  return offset === 0 ? [newest, ...older] : older;
}

function readHistories(tags: readonly string[], replies: readonly unknown[]) {
  const histories = new Map<string, HistorySnapshot>();
  for (const [at, tag] of tags.entries()) {
    const length = Number(replies[at * 2]);
    const newest = replies[at * 2 + 1];
    if (typeof newest === 'string') histories.set(tag, { length, newest: readEvent(newest) });
  }
  return histories;
}

function readEvent(text: string): TagEvent {
  return unpackTagEvent(parseStored(text, 'a stored tag event'));
}

function valuesOf(replies: readonly [Error | null, unknown][] | null): readonly unknown[] {
  if (replies === null || replies.length < FIXED_REPLIES) {
    throw new StoreError('unavailable', 'a transaction was not carried out');
  }
  return replies.map(([error, value]) => {
    if (error !== null) throw error;
    return value;
  });
}

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((value, at) => value === b[at]);
}
