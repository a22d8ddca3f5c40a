import { createHash, randomUUID } from 'node:crypto';
import { createImageStream, decodeImageStream } from '@tagtrail/image-stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStoreForTest, SETTINGS, T0 } from './testing/open-store-for-test.ts';
import { committed, documentOf, found, recordLooks } from './testing/record-for-test.ts';

// A thousand streams cost the same a tag (1,411 bytes, measured) and take four times as long.
const STREAMS = 250;
const TAGS = 10;
/** Bytes that a tag with one event may cost, without the documents of its image and without the change log. */
const BAR = 1_536;

let store: Awaited<ReturnType<typeof openStoreForTest>>;
beforeAll(async () => {
  store = await openStoreForTest();
});
afterAll(async () => store[Symbol.asyncDispose]());

const sha256 = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;

/** A stream as they are: names of some length, uid a UUID, every second image chosen from an index. */
async function importOne(index: number): Promise<void> {
  const key = { namespace: `team-${index % 50}`, name: `service-${index}` };
  const repository = `registry.example.com/${key.namespace}/${key.name}`;
  const tags = Array.from({ length: TAGS }, (_, at) => ({
    name: `v1.${at}`,
    from: { kind: 'DockerImage', name: `${repository}:v1.${at}` },
    importPolicy: { scheduled: true },
  }));
  const decoded = decodeImageStream({ metadata: key, spec: { tags } });
  if (!decoded.ok) throw new Error('not decoded');
  const context = { now: T0, uid: randomUUID(), settings: SETTINGS };
  const write = createImageStream(decoded.stream, context);
  if (!write.ok) throw new Error('refused');
  committed(await store.streams.commit(write.change));
  const looks = tags.map(({ name, from }, at) => {
    const image = sha256(from.name);
    const upstreamDigest = at % 2 === 0 ? image : sha256(image);
    const dockerImageReference = `${repository}@${image}`;
    const outcome = { kind: 'imported' as const, upstreamDigest, image, dockerImageReference };
    return found('0', index * TAGS + at + 1, { tag: name, from: from.name, outcome });
  });
  await store.images.save(tags.map(({ from }) => documentOf(sha256(from.name))));
  committed(await recordLooks(store, key, looks));
}

/** Bytes by the first part of the keys' names. */
async function bytesByKind(): Promise<ReadonlyMap<string, number>> {
  const bytes = new Map<string, number>();
  for await (const keys of store.redis.scanStream({ count: 1_000 })) {
    const names = keys as string[];
    const sizes = await Promise.all(
      names.map((name) => store.redis.memory('USAGE', name, 'SAMPLES', 0)),
    );
    for (const [at, name] of names.entries()) {
      const kind = name.split(':')[1] ?? name;
      bytes.set(kind, (bytes.get(kind) ?? 0) + Number(sizes[at] ?? 0));
    }
  }
  return bytes;
}

async function usedMemory(): Promise<number> {
  return Number(/used_memory:(\d+)/.exec(await store.redis.info('memory'))?.[1]);
}

it('costs at most 1.5 KiB a tag', async () => {
  // Nothing here is worth a disk's time.
  await store.redis.config('SET', 'appendfsync', 'no');
  const before = await usedMemory();
  for (let index = 0; index < STREAMS; index += 1) await importOne(index);
  const used = (await usedMemory()) - before;
  const bytes = await bytesByKind();
  const of = (...kinds: string[]) => kinds.reduce((all, kind) => all + (bytes.get(kind) ?? 0), 0);
  const perTag = (used - of('image', 'image-users', 'log')) / (STREAMS * TAGS);
  expect(perTag).toBeLessThan(BAR);
  // And is not measured past what there is.
  expect(perTag).toBeGreaterThan(BAR / 2);
});
