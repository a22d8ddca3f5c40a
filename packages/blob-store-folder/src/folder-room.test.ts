import type { BlobStore } from '@tagtrail/blob-store';
import { describe, expect, it } from 'vitest';
import {
  blobOf,
  blobOf100,
  bytesOf,
  listOf,
  load,
  store,
  type TestBlob,
} from './testing/a-blob.ts';
import { type FolderForTest, MINUTE, makeFolderForTest } from './testing/store-for-test.ts';

const [a, b, c, d, e] = ['a', 'b', 'c', 'd', 'e'].map(blobOf100) as [
  TestBlob,
  TestBlob,
  TestBlob,
  TestBlob,
  TestBlob,
];
const names = new Map([a, b, c, d, e].map((blob, n) => [blob.digest, 'abcde'[n]]));

/** One after the other, six minutes apart. */
async function storeInOrder(place: FolderForTest, blobs: BlobStore, list: readonly TestBlob[]) {
  for (const blob of list) {
    await store(blobs, blob);
    place.clock.ms += 6 * MINUTE;
  }
}

async function stored(blobs: BlobStore): Promise<string> {
  const listed = await listOf(blobs);
  return listed
    .map(({ digest }) => names.get(digest))
    .sort()
    .join('');
}

const limits = { lowWater: 1 };

describe('a full store', () => {
  it('evicts what was not used for longest', async () => {
    await using place = await makeFolderForTest();
    await using blobs = await place.open({ quota: 300, limits });
    await storeInOrder(place, blobs, [a, b, c]);
    await load(blobs, a.digest);
    await storeInOrder(place, blobs, [d]);
    expect(await stored(blobs)).toBe('acd');
    await storeInOrder(place, blobs, [e]);
    expect(await stored(blobs)).toBe('ade');
  });

  it('knows the order of use after a restart', async () => {
    await using place = await makeFolderForTest();
    {
      await using blobs = await place.open({ quota: 300, limits });
      await storeInOrder(place, blobs, [c, a, b]);
      await load(blobs, c.digest);
      place.clock.ms += 6 * MINUTE;
    }
    await using blobs = await place.open({ quota: 300, limits });
    await storeInOrder(place, blobs, [d]);
    expect(await stored(blobs)).toBe('bcd');
    await storeInOrder(place, blobs, [e]);
    expect(await stored(blobs)).toBe('cde');
  });

  it('evicts down to the low water, and then none for a while', async () => {
    await using place = await makeFolderForTest();
    await using blobs = await place.open({ quota: 400, limits: { lowWater: 0.5 } });
    await storeInOrder(place, blobs, [a, b, c, d]);
    await storeInOrder(place, blobs, [e]);
    expect(await stored(blobs)).toBe('de');
    await storeInOrder(place, blobs, [a, b]);
    expect(await stored(blobs)).toBe('abde');
  });

  it('never evicts what is held, nor what is being read', async () => {
    await using place = await makeFolderForTest();
    await using blobs = await place.open({ quota: 300, limits });
    await storeInOrder(place, blobs, [a, b, c]);
    await using held = await blobs.open(a.digest);
    const other = await blobs.open(b.digest);
    const read = other?.read();
    await other?.[Symbol.asyncDispose]();
    place.clock.ms += 60 * MINUTE;
    await store(blobs, d);
    expect(await stored(blobs)).toBe('abd');
    expect(held && (await bytesOf(held.read()))).toEqual(a.bytes);
    expect(read && (await bytesOf(read))).toEqual(b.bytes);
  });

  it('has no room when too much is held or was just used, and then evicts nothing', async () => {
    await using place = await makeFolderForTest();
    await using blobs = await place.open({ quota: 300, limits });
    await storeInOrder(place, blobs, [a, b, c]);
    await using _ = await blobs.open(a.digest);
    await load(blobs, b.digest);
    await expect(blobs.create(blobOf('x'.repeat(150)).digest, 150)).rejects.toMatchObject({
      code: 'no-room',
      retryable: true,
      message: expect.stringContaining('too many of them being read or used within 60 s'),
    });
    expect(await stored(blobs)).toBe('abc');
    expect(blobs.usage()).toEqual({ blobs: 3, bytes: 300, quota: 300 });
    place.clock.ms += 2 * MINUTE;
    await store(blobs, blobOf('x'.repeat(150)));
    expect(blobs.usage()).toMatchObject({ blobs: 2, bytes: 250 });
  });

  it('counts drafts as large as they will be, and their room is free once they are gone', async () => {
    await using place = await makeFolderForTest();
    await using blobs = await place.open({ quota: 300, limits });
    const draft = await blobs.create(a.digest, 250);
    await expect(blobs.create(b.digest, 100)).rejects.toMatchObject({ code: 'no-room' });
    await draft[Symbol.asyncDispose]();
    await store(blobs, b);
    expect(await stored(blobs)).toBe('b');
  });

  it('refuses at once what is larger than the quota', async () => {
    await using place = await makeFolderForTest();
    await using blobs = await place.open({ quota: 300, limits });
    await storeInOrder(place, blobs, [a]);
    await expect(blobs.create(b.digest, 301)).rejects.toThrow(
      /^a blob of 301 bytes is larger than all of .* may be: 300 bytes; raise the quota$/,
    );
    expect(await stored(blobs)).toBe('a');
  });

  it('keeps to its quota when many come at once', async () => {
    await using place = await makeFolderForTest();
    await using blobs = await place.open({ quota: 300, limits: { lowWater: 1, evictionBatch: 1 } });
    await storeInOrder(place, blobs, [a, b, c]);
    const draftings = ['f', 'g', 'h', 'i'].map((name) => blobs.create(blobOf100(name).digest, 100));
    const ends = await Promise.allSettled(draftings);
    expect(ends.map(({ status }) => status).sort()).toEqual([
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'rejected',
    ]);
    expect(blobs.usage()).toEqual({ blobs: 0, bytes: 300, quota: 300 });
  });

  it('evicts as soon as it is filled again when its quota was lowered', async () => {
    await using place = await makeFolderForTest();
    {
      await using blobs = await place.open({ quota: 500 });
      await storeInOrder(place, blobs, [a, b, c, d]);
    }
    await using blobs = await place.open({ quota: 200, limits });
    expect(blobs.usage()).toEqual({ blobs: 4, bytes: 400, quota: 200 });
    await store(blobs, e);
    expect(await stored(blobs)).toBe('de');
  });
});

describe('a blob', () => {
  it('is removed when nobody used it since', async () => {
    await using place = await makeFolderForTest();
    await using blobs = await place.open();
    await storeInOrder(place, blobs, [a, b]);
    expect(await blobs.remove(a.digest, place.clock.ms - 13 * MINUTE)).toBe(false);
    expect(await blobs.remove(a.digest, place.clock.ms - 12 * MINUTE)).toBe(true);
    expect(await blobs.remove(a.digest, place.clock.ms)).toBe(false);
    expect(await blobs.open(a.digest)).toBeUndefined();
    expect(blobs.usage()).toMatchObject({ blobs: 1, bytes: 100 });
  });

  it('is not removed while somebody holds it', async () => {
    await using place = await makeFolderForTest();
    await using blobs = await place.open();
    await store(blobs, a);
    const [one, other] = [await blobs.open(a.digest), await blobs.open(a.digest)];
    await one?.[Symbol.asyncDispose]();
    expect(await blobs.remove(a.digest, Number.POSITIVE_INFINITY)).toBe(false);
    await other?.[Symbol.asyncDispose]();
    expect(await blobs.remove(a.digest, Number.POSITIVE_INFINITY)).toBe(true);
  });
});
