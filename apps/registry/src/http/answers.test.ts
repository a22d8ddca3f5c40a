import type { Digest } from '@tagtrail/image-reference';
import { expect, it } from 'vitest';
import { digestOf, openStoreForTest } from '../testing/a-draft.ts';
import { aStream } from '../testing/a-stream.ts';
import { answerWith, faultIn } from '../testing/answer-with.ts';
import { answerBlob, type BlobParts } from './answer-blob.ts';
import { answerReferrers } from './answer-referrers.ts';

const stream = aStream({ history: { latest: ['quay.io/a/b:1'] } });
const never = () => Promise.reject(new Error('not asked'));

/** Parts for a blob that is neither in the records nor in the store. */
function parts(digest: Digest, size: number, more: Partial<BlobParts>): BlobParts {
  return {
    images: { blob: async () => ({ digest, size, holders: new Set() }) },
    contents: { configOf: async () => undefined },
    store: { open: never },
    origins: { mayShare: async () => true, groupOf: () => '', hostOf: () => '' },
    downloads: { start: never },
    upstream: { blobFetcher: () => never },
    ...more,
  };
}

it('a blob of no bytes is served without asking anybody, if that is what its digest says', async () => {
  const digest = digestOf(Buffer.alloc(0));
  await using server = await answerWith((exchange) =>
    answerBlob(exchange, { stream, digest }, parts(digest, 0, {})),
  );
  const reply = await fetch(server.url);
  expect([reply.status, reply.headers.get('content-length'), await reply.text()]).toEqual([
    200,
    '0',
    '',
  ]);
});

it('a digest that claims to be of nothing is not believed', async () => {
  const digest = digestOf(Buffer.from('x'));
  await using server = await answerWith((exchange) =>
    answerBlob(exchange, { stream, digest }, parts(digest, 0, {})),
  );
  expect(await faultIn(await fetch(server.url))).toBe(
    `502 UNAVAILABLE blob ${digest}: its descriptor says that it is empty, and its digest that it is not`,
  );
});

it('a copy that is gone whenever it is looked for is told', async () => {
  const digest = digestOf(Buffer.from('x'));
  await using opened = await openStoreForTest();
  const more = { store: opened.store, downloads: { start: async () => undefined } };
  await using server = await answerWith((exchange) =>
    answerBlob(exchange, { stream, digest }, parts(digest, 1, more)),
  );
  const reply = await fetch(server.url);
  expect(reply.headers.get('retry-after')).toBe('5');
  expect(await faultIn(reply)).toBe(
    `503 UNAVAILABLE blob ${digest}: copies go as fast as they come; the quota is too small`,
  );
});

it('a list of referrers that is of before is marked', async () => {
  const digest = digestOf(Buffer.from('image'));
  const referrers = [
    { digest: 'sha256:a', artifactType: 'a/b' },
    { digest: 'sha256:b', artifactType: 'c/d' },
  ];
  await using server = await answerWith((exchange) =>
    answerReferrers(
      exchange,
      { stream, digest },
      {
        images: { mayHaveReferrers: async () => true },
        referrers: { read: async () => ({ referrers, isStale: true }) },
      },
    ),
  );
  const reply = await fetch(`${server.url}/?artifactType=c/d`);
  expect(reply.headers.get('warning')).toBe(
    '299 - "the registry that these images come from does not answer: this is what it said before"',
  );
  expect(reply.headers.get('oci-filters-applied')).toBe('artifactType');
  expect(await reply.json()).toMatchObject({ schemaVersion: 2, manifests: [referrers[1]] });
});
