import { type StopSignal, StoreError, type StreamEvent } from '@tagtrail/image-stream';
import { closeRedis, openRedis } from '@tagtrail/redis-connection';
import type { Redis } from 'ioredis';
import { decodeObject } from './encode-record.ts';
import { parseMember, type RecordKeys } from './keys.ts';
import { WATCH_BATCH, WATCH_BLOCK } from './limits.ts';
import { storeError } from './when-ready.ts';

type LogEntry = [id: string, fields: string[]];

/**
 * Follows the change log on a connection of its own. Versions count without a hole, so the entry after version N is
 * N+1; anything else means that entries were dropped, or forgotten by a restarted Redis.
 * @throws StoreError `expired` when the next change can no longer be known, `unavailable` when Redis refuses
 */
export async function* watchStreams(
  url: string,
  keys: RecordKeys,
  from: { readonly resourceVersion: string; readonly signal: StopSignal },
): AsyncGenerator<readonly StreamEvent[]> {
  if (from.signal.aborted) return;
  const redis = openRedis({ url, name: 'watch', blocking: true });
  const stop = () => closeRedis(redis);
  from.signal.addEventListener('abort', stop, { once: true });
  try {
    let last = parseVersion(from.resourceVersion);
    let asked = false;
    while (!from.signal.aborted) {
      const entries = asked
        ? await readNext(redis, keys, last, from.signal)
        : await readAt(redis, keys, last);
      asked = true;
      if (entries.length === 0) continue;
      last = contiguous(entries, last);
      yield entries.map(decodeEntry);
    }
  } catch (error) {
    if (!from.signal.aborted) throw watchError(error);
  } finally {
    from.signal.removeEventListener('abort', stop);
    closeRedis(redis);
  }
}

/** The first read does not wait: a point ahead of the counter, or cut off from it, is known at once. */
async function readAt(redis: Redis, keys: RecordKeys, last: number): Promise<LogEntry[]> {
  const entries = await redis.xrange(keys.log, `(${last}-0`, '+', 'COUNT', WATCH_BATCH);
  if (entries.length > 0) return entries;
  const version = Number((await redis.get(keys.version)) ?? '0');
  if (version < last) throw expired(last);
  if (version === last) return [];
  // The counter moved between the two reads, or the changes up to it are gone.
  const again = await redis.xrange(keys.log, `(${last}-0`, '+', 'COUNT', WATCH_BATCH);
  if (again.length === 0) throw expired(last);
  return again;
}

async function readNext(
  redis: Redis,
  keys: RecordKeys,
  last: number,
  signal: StopSignal,
): Promise<LogEntry[]> {
  const args = [
    'COUNT',
    WATCH_BATCH,
    'BLOCK',
    WATCH_BLOCK,
    'STREAMS',
    keys.log,
    `${last}-0`,
  ] as const;
  const reply = await redis.xread(...args);
  if (reply === null && !signal.aborted) return readAt(redis, keys, last);
  return reply?.[0]?.[1] ?? [];
}

function contiguous(entries: readonly LogEntry[], last: number): number {
  let version = last;
  for (const [id] of entries) {
    if (Number(id.split('-')[0]) !== version + 1) throw expired(last);
    version += 1;
  }
  return version;
}

function decodeEntry([id, fields]: LogEntry): StreamEvent {
  const values = new Map<string, string>();
  for (let at = 0; at < fields.length; at += 2) values.set(fields[at] ?? '', fields[at + 1] ?? '');
  const resourceVersion = id.split('-')[0] ?? '';
  return {
    resourceVersion,
    key: parseMember(values.get('k') ?? ''),
    before: decodeObject(values.get('b') ?? '', resourceVersion),
    // A stream that came back from an archive may have kept its version.
    after: decodeObject(values.get('a') ?? '', values.get('v') ?? resourceVersion),
  };
}

function parseVersion(text: string): number {
  const version = Number(text);
  if (!/^\d{1,15}$/.test(text) || !Number.isSafeInteger(version)) throw expired(text);
  return version;
}

/** An entry that cannot be read is a change that cannot be known: trying again from the same point would not help. */
function watchError(error: unknown): Error {
  const known = storeError(error);
  if (!(known instanceof StoreError) || known.code !== 'damaged') return known;
  return new StoreError('expired', `${known.message}; list again`, { cause: known });
}

function expired(version: number | string): StoreError {
  return new StoreError('expired', `resourceVersion ${version} is no longer known; list again`);
}
