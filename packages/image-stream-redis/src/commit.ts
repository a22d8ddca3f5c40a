import { type CommitResult, StoreError, type StreamChange } from '@tagtrail/image-stream';
import { defineScript, type GuardedRedis } from '@tagtrail/redis-connection';
import { unreadableChecks } from './check-store.ts';
import { CommitCall } from './commit-call.ts';
import { withVersion } from './encode-record.ts';
import type { RecordKeys } from './keys.ts';
import { readParts } from './read-document.ts';

const commitScript = defineScript(new URL('./commit.lua', import.meta.url), [
  new URL('./place.lua', import.meta.url),
  new URL('./append-change.lua', import.meta.url),
  new URL('./count-outcome.lua', import.meta.url),
  new URL('./fill-slot.lua', import.meta.url),
]);

/** Runs one StreamChange as one script. @throws ioredis' errors */
export async function commitChange(
  { redis }: GuardedRedis,
  keys: RecordKeys,
  change: StreamChange,
): Promise<CommitResult> {
  const images = change.history.map(({ event }) => event.image).filter((image) => image !== '');
  const [unreadable, parts] = await Promise.all([
    unreadableChecks(redis, keys, change),
    readParts(redis, keys, new Set(images)),
  ]);
  const call = new CommitCall(keys, change, { unreadable, parts });
  const reply = await commitScript(redis, call.keys, call.arguments);
  return readReply(reply, change, parts);
}

function readReply(
  reply: unknown,
  change: StreamChange,
  parts: ReadonlyMap<string, readonly string[]>,
): CommitResult {
  const [word, ...details] = Array.isArray(reply) ? (reply as string[]) : [];
  if (word === 'conflict') return { kind: 'conflict' };
  if (word === 'gone') return { kind: 'gone' };
  if (word === 'answered') return { kind: 'answered', replies: details.map(Number) };
  if (word === 'missing-image') {
    // An image that lacks a part is of no more use than one that lacks itself.
    const lacks = ([image, some]: [string, readonly string[]]) =>
      [image, ...some].some((digest) => details.includes(digest));
    return { kind: 'missing-image', digests: [...parts].filter(lacks).map(([image]) => image) };
  }
  if (word !== 'committed')
    throw new StoreError('damaged', 'commit.lua answered something unknown');
  const resourceVersion = details[0] ?? '';
  const stream = change.after && withVersion(change.after, resourceVersion);
  return { kind: 'committed', stream, resourceVersion };
}
