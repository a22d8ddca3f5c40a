import type { Digest } from '@tagtrail/image-reference';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { digestOf, openStoreForTest, type StoreForTest } from '../testing/a-draft.ts';
import { aStream } from '../testing/a-stream.ts';
import { ManifestDocuments } from './manifest-documents.ts';
import { StreamContents } from './stream-contents.ts';
import { StreamImages, type StreamImagesParts } from './stream-images.ts';

const TYPE = 'application/vnd.oci.image.manifest.v1+json';
const layer = {
  mediaType: 'application/vnd.oci.image.layer.v1.tar',
  digest: digestOf(Buffer.from('layer')),
  size: 5,
};
const config = {
  mediaType: 'application/vnd.oci.image.config.v1+json',
  digest: digestOf(Buffer.from('{}')),
  size: 2,
};
const text = JSON.stringify({ schemaVersion: 2, mediaType: TYPE, config, layers: [layer] });
const image = digestOf(Buffer.from(text));
const sbom = { ...layer, digest: digestOf(Buffer.from('an sbom')), size: 7 };
const subject = { mediaType: TYPE, digest: image, size: text.length };
const referrerText = JSON.stringify({ ...JSON.parse(text), layers: [sbom], subject });
const referrer = digestOf(Buffer.from(referrerText));
/** Another stream's, which an upstream lists as a referrer all the same. */
const claimedText = JSON.stringify({ ...JSON.parse(text), layers: [] });
const claimed = digestOf(Buffer.from(claimedText));
const stream = aStream({ history: { latest: ['quay.io/a/b:1'], none: [] } });

let opened: StoreForTest;
let fetches: number;
let delivered: Set<string>;
beforeEach(async () => {
  opened = await openStoreForTest();
  fetches = 0;
  delivered = new Set();
});
afterEach(() => opened[Symbol.asyncDispose]());

/** Over records in which the image was once, and no document is left. */
function imagesOf(
  fetched: { text: string; mediaType?: string },
  belongs: readonly Digest[] = [image],
) {
  const documents = new ManifestDocuments({ read: async () => undefined });
  const contents = new StreamContents({ documents, streams: { history: async () => [] } });
  const parts: StreamImagesParts = {
    documents,
    contents,
    images: { belongsTo: async (_, digest) => belongs.includes(digest as Digest) },
    referrers: {
      listed: async () => [referrer, claimed],
      subjectOf: async (_, digest) =>
        digest === referrer || digest === claimed ? image : undefined,
    },
    upstream: {
      fetchManifest: async (_, digest) => {
        fetches += 1;
        return {
          digest,
          mediaType: fetched.mediaType,
          text: fetched.text,
          deliverer: 'quay.io/a/b',
        };
      },
    },
    store: opened.store,
    origins: {
      mayShare: async (_, digest) => delivered.has(digest),
      add: async (digest) => void delivered.add(digest),
    },
  };
  return new StreamImages(parts);
}

it('a manifest that the records lost is asked for once, and kept as a copy', async () => {
  const first = imagesOf({ text, mediaType: TYPE });
  const found = await Promise.all([first.manifest(stream, image), first.manifest(stream, image)]);
  expect(found.map(({ from }) => from)).toEqual(['upstream', 'upstream']);
  const again = await imagesOf({ text: 'not asked' }).manifest(stream, image);
  expect([again.from, again.manifest.mediaType, String(again.manifest.bytes)]).toEqual([
    'copy',
    TYPE,
    text,
  ]);
  expect(fetches).toBe(1);
  const blob = await first.blob(stream, layer.digest);
  expect([blob.size, ...blob.holders]).toEqual([5, image]);
});

it('what upstream calls a manifest and is none is not served', async () => {
  const other = 'no manifest';
  const digest = digestOf(Buffer.from(other));
  await expect(imagesOf({ text: other }, [digest]).manifest(stream, digest)).rejects.toMatchObject({
    status: 502,
    message: `demo/app@${digest}: the registry sent something that is no manifest`,
  });
});

it('referrers of what belongs to the stream belong to it, and nothing else does', async () => {
  const images = imagesOf({ text });
  expect(await images.isMember(stream, referrer)).toBe(true);
  expect(await images.isMember(stream, digestOf(Buffer.from('other')))).toBe(false);
  expect(await imagesOf({ text }, []).isMember(stream, referrer)).toBe(false);
});

it('what is listed as a referrer and refers to nothing of the stream is not served', async () => {
  const images = imagesOf({ text: claimedText, mediaType: TYPE });
  await expect(images.manifest(stream, claimed)).rejects.toMatchObject({
    code: 'MANIFEST_UNKNOWN',
  });
});

it('the blobs of a referrer are known wherever there is a copy of its manifest', async () => {
  await imagesOf({ text: referrerText, mediaType: TYPE }).manifest(stream, referrer);
  const found = await imagesOf({ text: 'not asked' }).blob(stream, sbom.digest);
  expect([found.size, ...found.holders]).toEqual([7, referrer]);
});

it('what a manifest is about may have referrers, whether it is there or not', async () => {
  const images = imagesOf({ text: referrerText, mediaType: TYPE }, [referrer]);
  expect(await images.mayHaveReferrers(stream, image)).toBe(false);
  await images.manifest(stream, referrer);
  expect(await images.mayHaveReferrers(stream, image)).toBe(true);
  expect(await images.isMember(stream, image)).toBe(false);
});

it('a tag without an image says why', () => {
  const images = imagesOf({ text });
  const failed = {
    type: 'ImportSuccess' as const,
    status: 'False' as const,
    reason: 'NotFound',
    message: 'there is no such tag',
    lastTransitionTime: '2026-11-23T00:00:00Z',
    generation: 1,
  };
  const told = (tag: string, conditions = [failed]) => {
    const tags = [{ tag: 'bad', items: null, conditions }];
    return () => images.digestOf({ ...stream, status: { ...stream.status, tags } }, tag);
  };
  expect(told('bad')).toThrow('demo/app:bad: nothing was imported yet: there is no such tag');
  expect(told('bad', [])).toThrow('demo/app:bad: nothing was imported yet');
  expect(told('other')).toThrow('demo/app:other: the stream has no such tag');
});

it('a manifest is a blob, too', async () => {
  const images = imagesOf({ text, mediaType: TYPE });
  expect(await images.blob(stream, image)).toMatchObject({ digest: image, size: text.length });
  await expect(images.blob(stream, digestOf(Buffer.from('other')))).rejects.toMatchObject({
    code: 'BLOB_UNKNOWN',
  });
});
