import { mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openBlobFolder } from './open-blob-folder.ts';
import { blobOf, blobOf100, bytesOf, listOf, load, store } from './testing/a-blob.ts';
import { makeFolderForTest } from './testing/store-for-test.ts';

describe('a folder of blobs', () => {
  it.each(['sha256', 'sha512'] as const)(
    'gives back what was stored by its %s',
    async (algorithm) => {
      await using place = await makeFolderForTest();
      await using blobs = await place.open();
      const blob = blobOf('some bytes', algorithm);
      expect(await load(blobs, blob.digest)).toBeUndefined();
      await store(blobs, blob);
      expect(await load(blobs, blob.digest)).toEqual(blob.bytes);
      expect(blobs.usage()).toMatchObject({ blobs: 1, bytes: 10 });
    },
  );

  it('keeps a blob in a file of its name that only this user can read', async () => {
    await using place = await makeFolderForTest();
    await using blobs = await place.open({ folder: join(place.folder, 'new', 'store') });
    const { digest, bytes } = blobOf('some bytes');
    await store(blobs, { digest, bytes });
    const hex = digest.slice('sha256:'.length);
    const shard = join(place.folder, 'new', 'store', 'blobs', 'sha256', hex.slice(0, 2));
    expect(await readFile(join(shard, hex))).toEqual(bytes);
    expect((await stat(join(shard, hex))).mode & 0o777).toBe(0o600);
    expect((await stat(shard)).mode & 0o777).toBe(0o700);
    expect((await stat(join(place.folder, 'new'))).mode & 0o777).toBe(0o700);
  });

  it('stores the blob of no bytes', async () => {
    await using place = await makeFolderForTest();
    await using blobs = await place.open({ quota: 0 });
    const nothing = blobOf('');
    await store(blobs, nothing);
    expect(await load(blobs, nothing.digest)).toEqual(nothing.bytes);
    expect(blobs.usage()).toEqual({ blobs: 1, bytes: 0, quota: 0 });
  });

  it('finds everything again after a restart', async () => {
    await using place = await makeFolderForTest();
    const stored = [blobOf('a'), blobOf('bb', 'sha512'), blobOf('ccc')];
    {
      await using blobs = await place.open();
      for (const blob of stored) await store(blobs, blob);
    }
    await using blobs = await place.open();
    const listed = await listOf(blobs);
    expect(new Set(listed.map(({ digest }) => digest))).toEqual(
      new Set(stored.map(({ digest }) => digest)),
    );
    expect(blobs.usage()).toMatchObject({ blobs: 3, bytes: 6 });
  });

  it('passes over files that no store put there', async () => {
    await using place = await makeFolderForTest();
    await store(await place.open(), blobOf('a'));
    const [shard = ''] = await readdir(join(place.folder, 'blobs', 'sha256'));
    await writeFile(join(place.folder, 'blobs', 'sha256', shard, 'README'), 'mine');
    await writeFile(join(place.folder, 'blobs', 'sha256', shard, 'f'.repeat(64)), 'elsewhere');
    await mkdir(join(place.folder, 'blobs', 'sha256', 'lost+found'));
    await writeFile(join(place.folder, 'drafts', 'notes.txt'), 'mine');
    await using blobs = await place.open();
    expect(blobs.usage()).toMatchObject({ blobs: 1, bytes: 1 });
  });
});

describe('a blob that is held', () => {
  it('gives exactly the bytes of a range', async () => {
    await using place = await makeFolderForTest();
    await using blobs = await place.open();
    const bytes = Buffer.alloc(1_300_000, 'abcdefghijk');
    const { digest } = blobOf(bytes);
    await store(blobs, { digest, bytes });
    await using held = await blobs.open(digest);
    if (held === undefined) throw new Error('it was stored');
    const ranges = [
      { start: 0, end: 0 },
      { start: 7, end: 600_000 },
      { start: 524_287, end: 524_288 },
      { start: 1_299_999, end: 1_299_999 },
      { start: 0, end: 1_299_999 },
    ];
    const parts = await Promise.all(ranges.map((range) => bytesOf(held.read(range))));
    for (const [n, { start, end }] of ranges.entries()) {
      expect(parts[n]?.equals(bytes.subarray(start, end + 1)), `${start}-${end}`).toBe(true);
    }
  });

  it('fills memory from a position on, as far as there is something', async () => {
    await using place = await makeFolderForTest();
    await using blobs = await place.open();
    const blob = blobOf('abcdef');
    await store(blobs, blob);
    const held = await blobs.open(blob.digest);
    const target = Buffer.alloc(4, '.');
    expect(await held?.readInto(target, 1)).toBe(4);
    expect(String(target)).toBe('bcde');
    expect(await held?.readInto(target, 4)).toBe(2);
    expect(String(target)).toBe('efde');
    await expect(held?.readInto(target, 6)).rejects.toThrow(RangeError);
    await held?.[Symbol.asyncDispose]();
    await expect(held?.readInto(target, 0)).rejects.toThrow('was disposed of');
  });

  it.each([
    { start: -1, end: 1 },
    { start: 1, end: 0 },
    { start: 0, end: 3 },
    { start: 0.5, end: 2 },
  ])('has no bytes from $start to $end when it has three', async (range) => {
    await using place = await makeFolderForTest();
    await using blobs = await place.open();
    const blob = blobOf('abc');
    await store(blobs, blob);
    await using held = await blobs.open(blob.digest);
    expect(() => held?.read(range)).toThrow(RangeError);
  });

  it('can be read to its end after it was disposed of and removed, but not anew', async () => {
    await using place = await makeFolderForTest();
    await using blobs = await place.open();
    const bytes = Buffer.alloc(2_000_000, 'x');
    const { digest } = blobOf(bytes);
    await store(blobs, { digest, bytes });
    const held = await blobs.open(digest);
    const [one, two] = [held?.read(), held?.read()];
    await held?.[Symbol.asyncDispose]();
    expect(await blobs.remove(digest, Number.POSITIVE_INFINITY)).toBe(false);
    one?.destroy();
    await rm(join(place.folder, 'blobs'), { recursive: true });
    expect(two && (await bytesOf(two)).equals(bytes)).toBe(true);
    expect(() => held?.read()).toThrow('was disposed of and cannot be read');
  });

  it('is not one that a symbolic link, a folder or a pipe stands for', async () => {
    await using place = await makeFolderForTest();
    await using blobs = await place.open();
    const blob = blobOf('secret');
    await store(blobs, blob);
    const hex = blob.digest.slice('sha256:'.length);
    const file = join(place.folder, 'blobs', 'sha256', hex.slice(0, 2), hex);
    const elsewhere = join(place.folder, 'elsewhere');
    await writeFile(elsewhere, 'secret');
    await rm(file);
    await symlink(elsewhere, file);
    expect(await blobs.open(blob.digest)).toBeUndefined();
    expect(await blobs.remove(blob.digest, Number.POSITIVE_INFINITY)).toBe(false);
    // Stored anew, the file takes the place of the link and leaves alone what it pointed at.
    await store(blobs, blob);
    expect(await load(blobs, blob.digest)).toEqual(blob.bytes);
    await rm(file);
    await mkdir(file);
    expect(await blobs.open(blob.digest)).toBeUndefined();
    await expect(store(blobs, blob)).rejects.toThrow('a folder is where a file belongs');
    expect(await readFile(elsewhere, 'utf8')).toBe('secret');
  });

  it('that the disk has cut short fails its readers and is no short blob', async () => {
    await using place = await makeFolderForTest();
    await using blobs = await place.open();
    const blob = blobOf100('a');
    await store(blobs, blob);
    const hex = blob.digest.slice('sha256:'.length);
    await using held = await blobs.open(blob.digest);
    if (held === undefined) throw new Error('it was stored');
    await writeFile(join(place.folder, 'blobs', 'sha256', hex.slice(0, 2), hex), 'short');
    await expect(bytesOf(held.read())).rejects.toMatchObject({
      name: 'BlobStoreError',
      code: 'unavailable',
      message: expect.stringContaining('ends after 5 of 100 bytes'),
    });
  });
});

describe('a folder that cannot be used', () => {
  it.each([
    ['is a file', (folder: string) => writeFile(folder, '')],
    ['has a file for its drafts', (folder: string) => inside(folder, 'drafts')],
    ['has a file for its blobs', (folder: string) => inside(folder, 'blobs')],
    ['has a file for blobs by sha512', (folder: string) => inside(folder, 'blobs/sha512')],
  ])('is refused when it %s, with what to do', async (_, spoil) => {
    await using place = await makeFolderForTest();
    const folder = join(place.folder, 'store');
    await spoil(folder);
    await expect(openBlobFolder({ folder, quota: 1 })).rejects.toMatchObject({
      name: 'BlobStoreError',
      code: 'unavailable',
      retryable: true,
      message: expect.stringMatching(
        /^cannot (store blobs|see what is stored) in the blob folder \/.*\/store: .*; move that away, or choose another folder \((EEXIST|ENOTDIR) at /,
      ),
    });
  });

  it('is refused when it is below a file', async () => {
    await using place = await makeFolderForTest();
    await writeFile(join(place.folder, 'file'), '');
    const opening = openBlobFolder({ folder: join(place.folder, 'file', 'store'), quota: 1 });
    await expect(opening).rejects.toThrow('a file is where a folder belongs');
  });

  it('takes no blob when it is gone, and is not made anew where its volume was', async () => {
    await using place = await makeFolderForTest();
    await using blobs = await place.open();
    await rm(place.folder, { recursive: true });
    await expect(blobs.create(blobOf('a').digest, 1)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining(
        'was its volume taken away? Restart once it is back (ENOENT',
      ),
    });
    await expect(stat(place.folder)).rejects.toThrow('ENOENT');
    expect(blobs.usage().bytes).toBe(0);
  });

  it.each([-1, 0.5, Number.NaN])('has no quota of %d bytes', async (quota) => {
    await using place = await makeFolderForTest();
    await expect(place.open({ quota })).rejects.toThrow(RangeError);
  });
});

async function inside(folder: string, name: string): Promise<void> {
  await mkdir(join(folder, name, '..'), { recursive: true });
  await writeFile(join(folder, name), '');
}
