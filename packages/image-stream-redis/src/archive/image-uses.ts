import type { GuardedRedis } from '@tagtrail/redis-connection';
import { imageOfEvent } from '../image-of-event.ts';
import type { RecordKeys } from '../keys.ts';
import { STAGED_BATCH } from '../limits.ts';
import { readParts } from '../read-document.ts';

type Redis = GuardedRedis['redis'];

/** Image → tags whose histories hold it, or a whole that it is part of. */
export type ImageUses = ReadonlyMap<string, ReadonlySet<string>>;

/** What lists of events use. `lists`: tag → key. */
export async function imageUses(
  redis: Redis,
  keys: RecordKeys,
  lists: ReadonlyMap<string, string>,
): Promise<ImageUses> {
  return withParts(redis, keys, await wholes(redis, lists));
}

/** The same without what is used by the same tag in `kept`: documents are read only where something differs. */
export async function imageUsesBut(
  redis: Redis,
  keys: RecordKeys,
  { lists, kept }: { readonly lists: ReadonlyMap<string, string>; readonly kept: ImageUses },
): Promise<ImageUses> {
  const dropped = without(await wholes(redis, lists), kept);
  return without(await withParts(redis, keys, dropped), kept);
}

async function wholes(redis: Redis, lists: ReadonlyMap<string, string>): Promise<ImageUses> {
  const uses = new Map<string, Set<string>>();
  for (const [tag, list] of lists) {
    let texts: string[];
    let at = 0;
    do {
      texts = await redis.lrange(list, at, at + STAGED_BATCH - 1);
      at += STAGED_BATCH;
      for (const image of texts.map(imageOfEvent)) if (image !== '') use(uses, image, [tag]);
    } while (texts.length === STAGED_BATCH);
  }
  return uses;
}

async function withParts(redis: Redis, keys: RecordKeys, uses: ImageUses): Promise<ImageUses> {
  const all = new Map([...uses].map(([image, tags]) => [image, new Set(tags)]));
  for (const [image, parts] of await readParts(redis, keys, new Set(uses.keys()))) {
    for (const part of parts) use(all, part, uses.get(image) ?? []);
  }
  return all;
}

function without(uses: ImageUses, others: ImageUses): ImageUses {
  const left = [...uses].map(([image, tags]) => {
    const kept = others.get(image);
    return [image, new Set([...tags].filter((tag) => kept?.has(tag) !== true))] as const;
  });
  return new Map(left.filter(([, tags]) => tags.size > 0));
}

function use(uses: Map<string, Set<string>>, image: string, tags: Iterable<string>): void {
  const known = uses.get(image) ?? new Set();
  for (const tag of tags) known.add(tag);
  uses.set(image, known);
}
