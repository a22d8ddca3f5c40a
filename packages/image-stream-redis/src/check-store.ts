import {
  type CheckState,
  type CheckStore,
  StoreError,
  type StreamChange,
  type TagKey,
  type Touch,
} from '@tagtrail/image-stream';
import { defineScript, type GuardedRedis } from '@tagtrail/redis-connection';
import { formatTagMember, type RecordKeys } from './keys.ts';
import { MAX_TOUCHES } from './limits.ts';
import { packCheckState, unpackCheckState } from './pack-check-state.ts';
import { whenReady } from './when-ready.ts';

type Redis = GuardedRedis['redis'];

const touchScript = defineScript(new URL('./touch.lua', import.meta.url), [
  new URL('./place.lua', import.meta.url),
]);

/** The CheckStore port on one record slot. */
export function createCheckStore(guarded: GuardedRedis, keys: RecordKeys): CheckStore {
  const { redis } = guarded;
  return {
    readChecks: (uid) => whenReady(guarded, () => readChecks(redis, keys, uid)),
    readCheck: (tags) => whenReady(guarded, () => readCheck(redis, keys, tags)),
    touch: (touches) => whenReady(guarded, () => touchAll(redis, keys, touches)),
  };
}

/**
 * The texts of those states that a change expects to be absent, but that are there and cannot be read. Compared as they
 * are, so whoever mended one in the meantime is not overruled.
 */
export async function unreadableChecks(
  redis: Redis,
  keys: RecordKeys,
  { before, expectedChecks }: StreamChange,
): Promise<ReadonlyMap<string, string>> {
  const tags = [...(expectedChecks ?? [])].filter(([, state]) => state === undefined);
  // A new stream has a new uid and nothing under it.
  if (before === undefined || tags.length === 0) return new Map();
  const names = tags.map(([tag]) => tag);
  const texts = await redis.hmget(keys.checks(before.metadata.uid ?? ''), ...names);
  return new Map(
    names.flatMap((name, at) => {
      const text = texts[at] ?? null;
      return text === null || readState(text) !== undefined ? [] : [[name, text]];
    }),
  );
}

async function readChecks(redis: Redis, keys: RecordKeys, uid: string) {
  const fields = await redis.hgetall(keys.checks(uid));
  return new Map(
    Object.entries(fields).flatMap(([tag, text]) => {
      const state = readState(text);
      return state === undefined ? [] : [[tag, state] as const];
    }),
  );
}

async function readCheck(
  redis: Redis,
  keys: RecordKeys,
  tags: readonly TagKey[],
): Promise<readonly (CheckState | undefined)[]> {
  const texts = await Promise.all(tags.map(({ uid, tag }) => redis.hget(keys.checks(uid), tag)));
  return texts.map((text) => (text === null ? undefined : readState(text)));
}

/** One state that cannot be read must not keep anybody from the others: it counts as absent and is made again. */
function readState(text: string): CheckState | undefined {
  try {
    return unpackCheckState(text);
  } catch (error) {
    if (error instanceof StoreError && error.code === 'damaged') return undefined;
    throw error;
  }
}

async function touchAll(redis: Redis, keys: RecordKeys, touches: readonly Touch[]) {
  const answers: ('touched' | 'conflict')[] = [];
  for (let at = 0; at < touches.length; at += MAX_TOUCHES) {
    const call = touchCall(keys, touches.slice(at, at + MAX_TOUCHES));
    const reply = (await touchScript(redis, call.keys, call.arguments)) as string[];
    answers.push(...reply.map((word) => (word === 'touched' ? word : 'conflict')));
  }
  return answers;
}

function touchCall(keys: RecordKeys, touches: readonly Touch[]) {
  const call = { keys: [keys.hosts], arguments: [] as string[] };
  for (const { key, before, after, receipt } of touches) {
    const { host } = after;
    call.keys.push(keys.checks(key.uid), keys.due(host), keys.leases(host), receipt.log);
    call.arguments.push(key.tag, packCheckState(before), packCheckState(after));
    call.arguments.push(host, formatTagMember(key, key.tag), String(after.nextDue ?? ''));
    call.arguments.push(receipt.group, receipt.entry);
  }
  return call;
}
