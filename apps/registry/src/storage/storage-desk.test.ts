import { afterEach, beforeEach, expect, it } from 'vitest';
import { digestOf, openStoreForTest, type StoreForTest } from '../testing/a-draft.ts';
import { aStream } from '../testing/a-stream.ts';
import { createStorageDesk, type StorageDeskParts } from './storage-desk.ts';

const TYPE = 'application/vnd.oci.image.manifest.v1+json';
const bytesOf = (text: string) => Buffer.from(text);
const named = (mediaType: string, text: string) => ({
  mediaType,
  digest: digestOf(bytesOf(text)),
  size: text.length,
});
const manifestOf = (layer: string) =>
  JSON.stringify({
    schemaVersion: 2,
    mediaType: TYPE,
    config: named('application/vnd.oci.image.config.v1+json', '{}'),
    layers: [named('application/vnd.oci.image.layer.v1.tar', layer)],
  });
const MANIFEST = manifestOf('layer');
const REFERRER = manifestOf('signature');
const DAY = 86_400_000;

let opened: StoreForTest;
let reads: number;
beforeEach(async () => {
  opened = await openStoreForTest();
  reads = 0;
});
afterEach(() => opened[Symbol.asyncDispose]());

async function keep(text: string): Promise<string> {
  const bytes = bytesOf(text);
  const draft = await opened.store.create(digestOf(bytes), bytes.length);
  await draft.write(bytes);
  await draft.commit();
  await draft[Symbol.asyncDispose]();
  return digestOf(bytes);
}

/** Over a stream that is at an image of one layer, and whose image has a referrer of one layer. */
function desk(more: Partial<StorageDeskParts> = {}) {
  const image = digestOf(bytesOf(MANIFEST));
  const event = { created: '', dockerImageReference: '', image, generation: 1 };
  const made = aStream({});
  const status = { ...made.status, tags: [{ tag: 'latest', items: [event] }] };
  return createStorageDesk({
    store: opened.store,
    streams: {
      list: async () => {
        reads += 1;
        return { items: [{ ...made, status }], resourceVersion: '1' };
      },
      history: async () => [],
    },
    images: {
      read: async (digest) =>
        digest === image
          ? { digest, mediaType: TYPE, manifest: MANIFEST, dockerImageReference: '' }
          : undefined,
    },
    referrers: { listed: async () => [digestOf(bytesOf(REFERRER))] },
    collectAfter: DAY,
    totals: () => ({
      served: {
        record: { count: 3, bytes: 30 },
        copy: { count: 3, bytes: 300 },
        upstream: { count: 2, bytes: 200 },
      },
      lastKnownGood: 1,
      downloads: 1,
      downloadedBytes: 100,
    }),
    now: () => Date.now() + 2 * DAY,
    ...more,
  });
}

it('takes away what no stream refers to, and nothing that one does', async () => {
  const kept = await Promise.all(['layer', REFERRER, 'signature'].map(keep));
  const orphan = await keep('orphan');
  expect(await desk().collect({ dryRun: true })).toEqual({
    dryRun: true,
    blobs: 1,
    bytes: 6,
    digests: [orphan],
  });
  const collected = { dryRun: false, blobs: 1, bytes: 6, digests: [orphan] };
  expect(await desk().collect({ dryRun: false })).toEqual(collected);
  const left: string[] = [];
  for await (const { digest } of opened.store.list()) left.push(digest);
  expect(left.sort()).toEqual([...kept].sort());
});

it('leaves alone what was used lately, and reads no record for it', async () => {
  await keep('orphan');
  expect(await desk({ now: Date.now }).collect({ dryRun: false })).toMatchObject({ blobs: 0 });
  expect(reads).toBe(0);
});

it('takes nothing when the records cannot be read', async () => {
  await keep('orphan');
  const streams = { list: () => Promise.reject(new Error('away')), history: async () => [] };
  await expect(desk({ streams }).collect({ dryRun: false })).rejects.toThrow('away');
  expect(opened.store.usage().blobs).toBe(1);
});

it('tells how full it is, and what that was good for', async () => {
  await keep('layer');
  expect(await desk().report()).toMatchObject({
    blobs: 1,
    bytes: 5,
    hitRate: 0.75,
    bytesSaved: 430,
    downloads: 1,
    lastKnownGood: 1,
  });
});
