import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { blobOf, blobOf100, load, store } from './testing/a-blob.ts';
import { type FolderForTest, makeFolderForTest } from './testing/store-for-test.ts';

const drafts = ({ folder }: FolderForTest) => readdir(join(folder, 'drafts'));

describe('a draft', () => {
  it('can be read back as far as it was written, while it is written and until it is disposed of', async () => {
    await using place = await makeFolderForTest();
    await using blobs = await place.open();
    const { digest, bytes } = blobOf(Buffer.alloc(5_000_000, 'abcdefg'));
    await using draft = await blobs.create(digest, bytes.length);
    const reads: Promise<Buffer>[] = [];
    for (let from = 0; from < bytes.length; from += 16_384) {
      await draft.write(bytes.subarray(from, from + 16_384));
      reads.push(draft.readAt(from, 100_000));
    }
    expect(draft.written).toBe(bytes.length);
    const parts = await Promise.all(reads);
    const rightParts = parts.filter((part, n) =>
      part.equals(bytes.subarray(n * 16_384, Math.min((n + 1) * 16_384, bytes.length))),
    );
    expect(rightParts).toHaveLength(parts.length);
    draft.verify();
    await draft.commit();
    await draft.commit();
    expect((await draft.readAt(3, 1_000_000)).equals(bytes.subarray(3, 1_000_003))).toBe(true);
    expect(await draft.readAt(bytes.length, 10)).toHaveLength(0);
  });

  it('is found by nobody before it is committed, and counts as large as it will be', async () => {
    await using place = await makeFolderForTest();
    await using blobs = await place.open();
    const { digest, bytes } = blobOf100('a');
    const draft = await blobs.create(digest, bytes.length);
    await draft.write(bytes);
    draft.verify();
    expect(await load(blobs, digest)).toBeUndefined();
    expect(blobs.usage()).toMatchObject({ blobs: 0, bytes: 100 });
    await draft[Symbol.asyncDispose]();
    await draft[Symbol.asyncDispose]();
    expect(await load(blobs, digest)).toBeUndefined();
    expect(blobs.usage()).toMatchObject({ blobs: 0, bytes: 0 });
    expect(await drafts(place)).toEqual([]);
    await expect(draft.write(bytes)).rejects.toThrow('is closed');
    await expect(draft.readAt(0, 1)).rejects.toThrow('is closed');
  });

  it('takes no more than the bytes announced', async () => {
    await using place = await makeFolderForTest();
    await using blobs = await place.open();
    await using draft = await blobs.create(blobOf('abc').digest, 3);
    await draft.write(Buffer.from('ab'));
    await expect(draft.write(Buffer.from('cd'))).rejects.toMatchObject({
      code: 'too-long',
      retryable: false,
      message: expect.stringContaining('has more than the 3 bytes announced'),
    });
    expect(draft.written).toBe(2);
  });

  it('that is too short is not committed', async () => {
    await using place = await makeFolderForTest();
    await using blobs = await place.open();
    await using draft = await blobs.create(blobOf('abc').digest, 3);
    await draft.write(Buffer.from('ab'));
    await expect(draft.commit()).rejects.toMatchObject({
      code: 'mismatch',
      message: expect.stringContaining('should have 3 bytes, but only 2 came'),
    });
    await draft.write(Buffer.from('c'));
    await draft.commit();
    expect(await load(blobs, blobOf('abc').digest)).toEqual(Buffer.from('abc'));
  });

  it.each(['sha256', 'sha512'] as const)('with other bytes is no blob (%s)', async (algorithm) => {
    await using place = await makeFolderForTest();
    await using blobs = await place.open();
    const { digest } = blobOf('abc', algorithm);
    {
      await using draft = await blobs.create(digest, 3);
      await draft.write(Buffer.from('abd'));
      const message = `the bytes for ${digest} are those of ${blobOf('abd', algorithm).digest}`;
      expect(() => draft.verify()).toThrow(expect.objectContaining({ code: 'mismatch', message }));
      expect(() => draft.verify()).toThrow(message);
      await expect(draft.commit()).rejects.toMatchObject({ code: 'mismatch' });
      await expect(draft.write(Buffer.alloc(0))).rejects.toThrow('is verified and cannot grow');
    }
    expect(await load(blobs, digest)).toBeUndefined();
    expect(await drafts(place)).toEqual([]);
  });

  it('may be one of several of the same digest, in one process or in two', async () => {
    await using place = await makeFolderForTest();
    await using one = await place.open();
    await using other = await place.open();
    const blob = blobOf100('a');
    await Promise.all([one, other, one, other, one].map((blobs) => store(blobs, blob)));
    expect(await load(one, blob.digest)).toEqual(blob.bytes);
    expect(await drafts(place)).toEqual([]);
    expect(one.usage()).toMatchObject({ blobs: 1, bytes: 100 });
    expect(other.usage()).toMatchObject({ blobs: 1, bytes: 100 });
  });

  it('says so when it was taken for left behind', async () => {
    await using place = await makeFolderForTest();
    await using blobs = await place.open();
    const { digest, bytes } = blobOf('abc');
    await using draft = await blobs.create(digest, 3);
    await draft.write(bytes);
    for (const name of await drafts(place)) await rm(join(place.folder, 'drafts', name));
    await expect(draft.commit()).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('a draft was removed before it was done'),
    });
  });

  it.each([-1, 1.5, Number.NaN])('is not begun for %d bytes', async (size) => {
    await using place = await makeFolderForTest();
    await using blobs = await place.open();
    await expect(blobs.create(blobOf('a').digest, size)).rejects.toThrow(RangeError);
  });
});
