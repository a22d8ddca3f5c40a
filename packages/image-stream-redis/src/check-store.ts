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
  new URL('./count-outcome.lua', import.meta.url),
]);

/** The CheckStore port on one record slot. */
export function createCheckStore(guarded: GuardedRedis, keys: RecordKeys): CheckStore {
  const { redis } = guarded;
  return {
    readChecks: (uid) => whenReady(guarded, () => readChecks(redis, keys, uid)),
    readCheck: (tags) => whenReady(guarded, () => readCheck(redis, keys, tags)),
    outcomes: () => whenReady(guarded, () => readOutcomes(redis, keys)),
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

/** Every readable state of a stream. */
export async function readChecks(redis: Redis, keys: RecordKeys, uid: string) {
  return readableChecks(await redis.hgetall(keys.checks(uid)));
}

/** The states in a stream's hash that can be read. */
export function readableChecks(
  fields: Readonly<Record<string, string>>,
): ReadonlyMap<string, CheckState> {
  return new Map(
    Object.entries(fields).flatMap(([tag, text]) => {
      const state = readState(text);
      return state === undefined ? [] : [[tag, state] as const];
    }),
  );
}

/** Tags of one stream are asked for in one command: they are often due together. */
async function readCheck(
  redis: Redis,
  keys: RecordKeys,
  tags: readonly TagKey[],
): Promise<readonly (CheckState | undefined)[]> {
  const wanted = Map.groupBy(tags, ({ uid }) => uid);
  const found = new Map<TagKey, string | null>();
  const reads = [...wanted].map(async ([uid, ofStream]) => {
    const names = ofStream.map(({ tag }) => tag);
    const states = await redis.hmget(keys.checks(uid), ...names);
    for (const [at, key] of ofStream.entries()) found.set(key, states[at] ?? null);
  });
  await Promise.all(reads);
  return tags.map((key) => {
    const text = found.get(key) ?? null;
    return text === null ? undefined : readState(text);
  });
}

async function readOutcomes(redis: Redis, keys: RecordKeys) {
  const counts = Object.entries(await redis.hgetall(keys.outcomes));
  return Object.fromEntries(counts.map(([outcome, count]) => [outcome, Number(count)]));
}

/** What states were read from: their text is needed again for comparing, and packing is not free. */
const texts = new WeakMap<CheckState, string>();

/** One state that cannot be read must not keep anybody from the others: it counts as absent and is made again. */
function readState(text: string): CheckState | undefined {
  try {
    const state = unpackCheckState(text);
    texts.set(state, text);
    return state;
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
  const call = { keys: [keys.hosts, keys.outcomes], arguments: [] as string[] };
  for (const { key, before, after, receipt } of touches) {
    const { host } = after;
    call.keys.push(keys.checks(key.uid), keys.due(host), keys.leases(host), receipt.log);
    call.arguments.push(
      key.tag,
      texts.get(before) ?? packCheckState(before),
      packCheckState(after),
    );
    call.arguments.push(host, formatTagMember(key, key.tag), String(after.nextDue ?? ''));
    call.arguments.push(receipt.group, receipt.entry);
  }
  return call;
}
