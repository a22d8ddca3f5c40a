import {
  type CheckState,
  type RestoreResult,
  restoredCheck,
  StoreError,
  type StreamRestore,
} from '@tagtrail/image-stream';
import { defineScript, type GuardedRedis } from '@tagtrail/redis-connection';
import { readableChecks } from '../check-store.ts';
import { decodeRecord } from '../encode-record.ts';
import type { RecordKeys } from '../keys.ts';
import { STAGED_BATCH } from '../limits.ts';
import { unpackTagEvent } from '../pack-tag-event.ts';
import { parseStored } from '../parse-stored.ts';
import { readParts } from '../read-document.ts';
import { type Present, RestoreCall } from './restore-call.ts';

type Redis = GuardedRedis['redis'];

/** Tries against somebody who writes the stream in whose place the archive's is put. */
const RESTORE_ATTEMPTS = 8;

const restoreScript = defineScript(new URL('./restore.lua', import.meta.url), [
  new URL('../place.lua', import.meta.url),
  new URL('../append-change.lua', import.meta.url),
  new URL('../count-outcome.lua', import.meta.url),
]);

/** Puts a stream back in one script. @throws StoreError `unavailable` when the stream in its place never stands still */
export async function restoreStream(
  redis: Redis,
  keys: RecordKeys,
  wanted: StreamRestore,
): Promise<RestoreResult> {
  const uses = await stagedUses(redis, keys, wanted);
  const checks = await withoutLostImages(redis, keys, wanted);
  for (let attempt = 0; attempt < RESTORE_ATTEMPTS; attempt += 1) {
    const present = await readPresent(redis, keys, wanted);
    if (present.stream !== undefined && wanted.existing === 'keep') return 'exists';
    const call = new RestoreCall(keys, { ...wanted, checks, present, uses });
    const answer = await restoreScript(redis, call.keys, call.arguments);
    if (answer === 'restored' || answer === 'incomplete' || answer === 'foreign-uid') return answer;
    if (answer !== 'conflict') {
      throw new StoreError('damaged', 'restore.lua answered something unknown');
    }
  }
  throw new StoreError('unavailable', 'a stream changes faster than it can be replaced');
}

async function readPresent(
  redis: Redis,
  keys: RecordKeys,
  { stream: { metadata } }: StreamRestore,
): Promise<Present> {
  const { namespace = '', name, uid = '' } = metadata;
  const stream = decodeRecord(await redis.hgetall(keys.record({ namespace, name })));
  const tags = await redis.hkeys(keys.histories(uid));
  if (stream === undefined) return { stream, checks: new Map(), tags };
  const packed = await redis.hgetall(keys.checks(stream.metadata.uid ?? ''));
  const states = readableChecks(packed);
  const checks = Object.entries(packed).map(([tag, text]) => {
    const state = states.get(tag);
    return [tag, { packed: text, ...(state && { state }) }] as const;
  });
  return { stream, checks: new Map(checks), tags };
}

/** Image → tags whose staged histories hold it, or an image that it is part of. */
async function stagedUses(redis: Redis, keys: RecordKeys, wanted: StreamRestore) {
  const uses = new Map<string, Set<string>>();
  const { uid = '' } = wanted.stream.metadata;
  for (const [tag, length] of wanted.histories) {
    for (let at = 0; at < length; at += STAGED_BATCH) {
      const texts = await redis.lrange(keys.staged(uid, tag), at, at + STAGED_BATCH - 1);
      for (const text of texts) {
        const { image } = unpackTagEvent(parseStored(text, 'a staged event'));
        if (image !== '') use(uses, image, [tag]);
      }
    }
  }
  for (const [image, parts] of await readParts(redis, keys, new Set(uses.keys()))) {
    for (const part of parts) use(uses, part, uses.get(image) ?? []);
  }
  return uses;
}

function use(uses: Map<string, Set<string>>, image: string, tags: Iterable<string>): void {
  const known = uses.get(image) ?? new Set();
  for (const tag of tags) known.add(tag);
  uses.set(image, known);
}

/**
 * A tag whose newest image has no document, and one whose check state the archive lacks, is looked at from scratch: that
 * brings the document, and writes no event.
 */
async function withoutLostImages(
  redis: Redis,
  keys: RecordKeys,
  { stream, checks, now }: StreamRestore,
): Promise<ReadonlyMap<string, CheckState>> {
  const mended = new Map(checks);
  const fence = Math.max(0, ...[...checks.values()].map((state) => state.fence));
  for (const { name } of stream.spec.tags ?? []) {
    const state = restoredCheck(stream, name, { now, fence });
    if (!mended.has(name) && state !== undefined) mended.set(name, state);
  }
  const images = [...checks].flatMap(([tag, { image }]) => (image ? [{ tag, image }] : []));
  const found = await Promise.all(images.map(({ image }) => redis.exists(keys.image(image))));
  for (const [at, { tag }] of images.entries()) {
    const state = mended.get(tag);
    if (found[at] === 1 || state === undefined) continue;
    const nextDue = state.suspended ? null : now;
    mended.set(tag, { ...state, upstreamDigest: null, image: null, nextDue });
  }
  return mended;
}
