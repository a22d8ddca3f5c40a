import {
  type ImageStream,
  type ListQuery,
  StoreError,
  type StreamKey,
  type StreamList,
} from '@tagtrail/image-stream';
import type { GuardedRedis } from '@tagtrail/redis-connection';
import { decodeRecord } from './encode-record.ts';
import { parseMember, type RecordKeys } from './keys.ts';
import { MAX_PAGE } from './limits.ts';
import { storeError } from './when-ready.ts';

interface ContinueToken {
  readonly v: 1;
  /** The first page's version, so that all pages share one point to watch from. */
  readonly rv: string;
  readonly after: string;
}

/** Hears of a record that a list left out because it cannot be read. */
export type NoticeDamage = (key: StreamKey, error: StoreError) => void;

interface ListRequest {
  readonly keys: RecordKeys;
  readonly query: ListQuery;
  readonly onDamaged: NoticeDamage;
}

/**
 * One page in order of `namespace/name`. The version is read before the objects, so a watch from it misses nothing.
 * A record that cannot be read is left out: it must not hide all the others.
 * @throws StoreError `invalid-continue`
 */
export async function listStreams(
  { redis }: GuardedRedis,
  { keys, query, onDamaged }: ListRequest,
): Promise<StreamList> {
  const token = query.continue === undefined ? undefined : decodeContinue(query.continue);
  const limit = Math.max(1, Math.min(query.limit ?? MAX_PAGE, MAX_PAGE));
  const [low, high] = namesBetween(query.namespace, token?.after);
  const [version, members] = await Promise.all([
    redis.get(keys.version),
    redis.zrangebylex(keys.names, low, high, 'LIMIT', 0, limit + 1),
  ]);
  const page = members.slice(0, limit);
  const resourceVersion = token?.rv ?? version ?? '0';
  const found = await Promise.all(
    page.map((member) => readOne(redis, keys.record(parseMember(member)))),
  );
  const items: ImageStream[] = [];
  for (const [at, one] of found.entries()) {
    if (one instanceof StoreError) onDamaged(parseMember(page[at] ?? ''), one);
    else if (one !== undefined) items.push(one);
  }
  const last = page.at(-1);
  if (members.length <= limit || last === undefined) return { items, resourceVersion };
  const remainingItemCount = await redis.zlexcount(keys.names, `(${last}`, high);
  const next: ContinueToken = { v: 1, rv: resourceVersion, after: last };
  return {
    items,
    resourceVersion,
    continue: Buffer.from(JSON.stringify(next)).toString('base64url'),
    remainingItemCount,
  };
}

async function readOne(
  redis: GuardedRedis['redis'],
  record: string,
): Promise<ImageStream | StoreError | undefined> {
  try {
    return decodeRecord(await redis.hgetall(record));
  } catch (error) {
    const known = storeError(error);
    if (known instanceof StoreError && known.code === 'damaged') return known;
    throw known;
  }
}

/** `0` is the character after `/`: everything of a namespace lies between the two. */
export function namesBetween(
  namespace: string | undefined,
  after: string | undefined,
): [string, string] {
  const first = namespace === undefined ? '-' : `[${namespace}/`;
  // A made-up token must not lead out of the namespace.
  const isInside = namespace === undefined || after?.startsWith(`${namespace}/`) === true;
  const low = after !== undefined && isInside ? `(${after}` : first;
  return [low, namespace === undefined ? '+' : `(${namespace}0`];
}

function decodeContinue(text: string): ContinueToken {
  try {
    const token = JSON.parse(Buffer.from(text, 'base64url').toString()) as Partial<ContinueToken>;
    if (token.v === 1 && typeof token.rv === 'string' && typeof token.after === 'string') {
      return { v: 1, rv: token.rv, after: token.after };
    }
  } catch {
    // Whatever it was, it is not a token of ours: refused below.
  }
  throw new StoreError('invalid-continue', 'the continue token is not one that this server issued');
}
