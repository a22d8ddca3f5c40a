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
import { imageUses, imageUsesBut } from './image-uses.ts';
import { type Present, type Restoration, RestoreCall } from './restore-call.ts';

type Redis = GuardedRedis['redis'];

/** Tries against somebody who writes the stream in whose place the archive's is put. */
const RESTORE_ATTEMPTS = 8;

const restoreScript = defineScript(new URL('./restore.lua', import.meta.url), [
  new URL('../place.lua', import.meta.url),
  new URL('../append-change.lua', import.meta.url),
  new URL('../count-outcome.lua', import.meta.url),
  new URL('../drop-user.lua', import.meta.url),
]);

/**
 * Puts a stream back in one script. Histories that were staged for nothing are removed.
 * @throws StoreError `unavailable` when the stream in its place never stands still
 */
export async function restoreStream(
  redis: Redis,
  keys: RecordKeys,
  wanted: StreamRestore,
): Promise<RestoreResult> {
  const result = await tryRestore(redis, keys, wanted);
  const staged = [...stagedLists(keys, wanted).values()];
  const isOver = result === 'exists' || result === 'foreign-uid';
  if (isOver && staged.length > 0) await redis.unlink(staged);
  return result;
}

async function tryRestore(
  redis: Redis,
  keys: RecordKeys,
  wanted: StreamRestore,
): Promise<RestoreResult> {
  let prepared: Prepared | undefined;
  for (let attempt = 0; attempt < RESTORE_ATTEMPTS; attempt += 1) {
    const present = await readPresent(redis, keys, wanted);
    if (present.stream !== undefined && wanted.existing === 'keep') return 'exists';
    prepared ??= await prepare(redis, keys, wanted);
    const lists = listsOf(present.tags, (tag) => keys.history(uidOf(wanted), tag));
    const left = await imageUsesBut(redis, keys, { lists, kept: prepared.uses });
    const call = new RestoreCall(keys, { ...wanted, ...prepared, present, left });
    const answer = await restoreScript(redis, call.keys, call.arguments);
    if (answer === 'restored' || answer === 'incomplete' || answer === 'foreign-uid') return answer;
    if (answer !== 'conflict') {
      throw new StoreError('damaged', 'restore.lua answered something unknown');
    }
  }
  throw new StoreError('unavailable', 'a stream changes faster than it can be replaced');
}

/** What does not depend on the stream in its place. */
type Prepared = Pick<Restoration, 'uses' | 'checks'>;

async function prepare(redis: Redis, keys: RecordKeys, wanted: StreamRestore): Promise<Prepared> {
  return {
    uses: await imageUses(redis, keys, stagedLists(keys, wanted)),
    checks: await withoutLostImages(redis, keys, wanted),
  };
}

async function readPresent(
  redis: Redis,
  keys: RecordKeys,
  { stream: { metadata } }: StreamRestore,
): Promise<Present> {
  const { namespace = '', name, uid = '' } = metadata;
  const stream = decodeRecord(await redis.hgetall(keys.record({ namespace, name })));
  const tags = await redis.hkeys(keys.histories(uid));
  const owner = (await redis.get(keys.restoredUid(uid))) ?? '';
  if (stream === undefined) return { stream, checks: new Map(), tags, owner };
  const packed = await redis.hgetall(keys.checks(stream.metadata.uid ?? ''));
  const states = readableChecks(packed);
  const checks = Object.entries(packed).map(([tag, text]) => {
    const state = states.get(tag);
    return [tag, { packed: text, ...(state && { state }) }] as const;
  });
  return { stream, checks: new Map(checks), tags, owner };
}

function stagedLists(keys: RecordKeys, wanted: StreamRestore): ReadonlyMap<string, string> {
  return listsOf([...wanted.histories.keys()], (tag) => keys.staged(uidOf(wanted), tag));
}

function listsOf(tags: readonly string[], keyOf: (tag: string) => string) {
  return new Map(tags.map((tag) => [tag, keyOf(tag)]));
}

function uidOf({ stream: { metadata } }: StreamRestore): string {
  return metadata.uid ?? '';
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
