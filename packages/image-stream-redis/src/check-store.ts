import type { CheckState, CheckStore, TagKey, Touch } from '@tagtrail/image-stream';
import { defineScript, type GuardedRedis } from '@tagtrail/redis-connection';
import { formatTagMember, type RecordKeys } from './keys.ts';
import { MAX_TOUCHES } from './limits.ts';
import { packCheckState, unpackCheckState } from './pack-check-state.ts';
import { whenReady } from './when-ready.ts';

const touchScript = defineScript(new URL('./touch.lua', import.meta.url), [
  new URL('./place.lua', import.meta.url),
]);

/** The CheckStore port on one record slot. */
export function createCheckStore(guarded: GuardedRedis, keys: RecordKeys): CheckStore {
  return {
    readChecks: (uid) => whenReady(guarded, () => readChecks(guarded, keys, uid)),
    readCheck: (tags) => whenReady(guarded, () => readCheck(guarded, keys, tags)),
    touch: (touches) => whenReady(guarded, () => touchAll(guarded, keys, touches)),
  };
}

async function readChecks({ redis }: GuardedRedis, keys: RecordKeys, uid: string) {
  const fields = await redis.hgetall(keys.checks(uid));
  return new Map(Object.entries(fields).map(([tag, text]) => [tag, unpackCheckState(text)]));
}

async function readCheck(
  { redis }: GuardedRedis,
  keys: RecordKeys,
  tags: readonly TagKey[],
): Promise<readonly (CheckState | undefined)[]> {
  const texts = await Promise.all(tags.map(({ uid, tag }) => redis.hget(keys.checks(uid), tag)));
  return texts.map((text) => (text === null ? undefined : unpackCheckState(text)));
}

async function touchAll({ redis }: GuardedRedis, keys: RecordKeys, touches: readonly Touch[]) {
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
