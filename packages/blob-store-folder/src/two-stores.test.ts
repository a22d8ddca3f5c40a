import { lstat, readdir, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Digest } from '@tagtrail/image-reference';
import { describe, expect, it } from 'vitest';
import { blobOf, blobOf100, bytesOf, listOf, load, store } from './testing/a-blob.ts';
import { type FolderForTest, MINUTE, makeFolderForTest } from './testing/store-for-test.ts';

const a = blobOf100('a');
const b = blobOf100('b');
const c = blobOf100('c');
const limits = { lowWater: 1 };

const fileOf = ({ folder }: FolderForTest, digest: Digest) =>
  join(folder, 'blobs', 'sha256', digest.slice(7, 9), digest.slice(7));

async function draftFile(place: FolderForTest, { idle }: { idle: number }): Promise<string> {
  const name = `${c.digest.replace(':', '-')}.4711-${'0'.repeat(15)}${Math.min(9, idle)}`;
  const path = join(place.folder, 'drafts', name);
  await writeFile(path, 'half');
  const writtenAt = (place.clock.ms - idle * MINUTE) / 1000;
  await utimes(path, writtenAt, writtenAt);
  return name;
}

describe('two stores on one folder', () => {
  it('find at once what the other one has committed, and count it within a minute', async () => {
    await using place = await makeFolderForTest();
    await using one = await place.open();
    await using other = await place.open();
    await store(one, a);
    await store(one, b);
    expect(await load(other, a.digest)).toEqual(a.bytes);
    expect(other.usage()).toMatchObject({ blobs: 1, bytes: 100 });
    place.clock.ms += MINUTE;
    expect(await listOf(other)).toHaveLength(2);
    expect(other.usage()).toMatchObject({ blobs: 2, bytes: 200 });
    await one.remove(a.digest, place.clock.ms);
    place.clock.ms += MINUTE;
    await listOf(other);
    expect(other.usage()).toMatchObject({ blobs: 1, bytes: 100 });
  });

  it('read on what the other one has removed', async () => {
    await using place = await makeFolderForTest();
    await using one = await place.open();
    await using other = await place.open();
    await store(one, a);
    await using held = await one.open(a.digest);
    expect(await other.remove(a.digest, place.clock.ms)).toBe(true);
    expect(held && (await bytesOf(held.read()))).toEqual(a.bytes);
    expect(await one.open(a.digest)).toBeUndefined();
    expect(one.usage()).toMatchObject({ blobs: 0, bytes: 0 });
  });

  it('do not evict what the other one uses', async () => {
    await using place = await makeFolderForTest();
    await using one = await place.open({ quota: 200, limits });
    await store(one, a);
    place.clock.ms += 6 * MINUTE;
    await store(one, b);
    await using other = await place.open({ quota: 200, limits });
    place.clock.ms += 6 * MINUTE;
    await load(other, a.digest);
    place.clock.ms += 2 * MINUTE;
    await store(one, c);
    expect(await load(one, a.digest)).toEqual(a.bytes);
    expect(await load(one, b.digest)).toBeUndefined();
  });

  it('have no room for what the other one has filled, as soon as they know', async () => {
    await using place = await makeFolderForTest();
    await using one = await place.open({ quota: 200, limits });
    await using other = await place.open({ quota: 200, limits });
    await store(one, a);
    place.clock.ms += MINUTE;
    await store(one, b);
    place.clock.ms += 10 * MINUTE;
    await listOf(other);
    await store(other, c);
    expect(other.usage()).toMatchObject({ blobs: 2, bytes: 200 });
    expect(await load(one, a.digest)).toBeUndefined();
  });

  it('count what the other one has drafted so far', async () => {
    await using place = await makeFolderForTest();
    await using one = await place.open();
    await using draft = await one.create(a.digest, 100);
    await draft.write(a.bytes.subarray(0, 60));
    await draft.readAt(0, 60);
    await using other = await place.open();
    expect(other.usage()).toMatchObject({ blobs: 0, bytes: 60 });
  });
});

describe('a look at what others did', () => {
  it('that failed is made up for by the next one', async () => {
    await using place = await makeFolderForTest();
    await using one = await place.open();
    await using other = await place.open();
    await store(one, a);
    // So old that its time is trusted.
    await utimes(join(fileOf(place, a.digest), '..'), 1e9, 1e9);
    const unread = join(place.folder, 'blobs', 'sha512');
    await rename(unread, `${unread}.away`);
    place.clock.ms += MINUTE;
    await expect(listOf(other)).rejects.toMatchObject({ code: 'unavailable' });
    expect(other.usage()).toMatchObject({ blobs: 0 });
    await rename(`${unread}.away`, unread);
    expect(await listOf(other)).toHaveLength(1);
  });

  it('notices a blob that goes or comes in a folder that it has read, and a folder that goes', async () => {
    await using place = await makeFolderForTest();
    await using one = await place.open();
    await store(one, a);
    const shard = join(fileOf(place, a.digest), '..');
    const counts: number[] = [];
    const look = async (mtime: number) => {
      await utimes(shard, mtime, mtime);
      place.clock.ms += MINUTE;
      counts.push((await listOf(one)).length);
    };
    await look(1e9);
    await rename(fileOf(place, a.digest), join(place.folder, 'away'));
    await look(1e9);
    await look(1e9 + 1);
    await rename(join(place.folder, 'away'), fileOf(place, a.digest));
    await look(1e9 + 2);
    await rm(shard, { recursive: true });
    place.clock.ms += MINUTE;
    counts.push((await listOf(one)).length);
    // The second look trusts the time that was set back.
    expect(counts).toEqual([1, 1, 0, 1, 0]);
    expect(one.usage()).toMatchObject({ blobs: 0, bytes: 0 });
    await store(one, a);
    expect(await load(one, a.digest)).toEqual(a.bytes);
  });
});

describe('a use', () => {
  it('is noted in the folder, but not again for a few minutes', async () => {
    await using place = await makeFolderForTest();
    await using blobs = await place.open();
    await store(blobs, a);
    const noted = async () => Math.round((await lstat(fileOf(place, a.digest))).mtimeMs);
    const storedAt = place.clock.ms;
    expect(await noted()).toBe(storedAt);
    place.clock.ms += 4 * MINUTE;
    await load(blobs, a.digest);
    expect(await noted()).toBe(storedAt);
    expect((await listOf(blobs))[0]?.usedAt).toBe(place.clock.ms);
    place.clock.ms += MINUTE;
    await load(blobs, a.digest);
    expect(await noted()).toBe(place.clock.ms);
  });

  it('in the far future is a clock gone wrong and protects nothing', async () => {
    await using place = await makeFolderForTest();
    {
      await using blobs = await place.open();
      await store(blobs, a);
    }
    await utimes(fileOf(place, a.digest), 1e10, 1e10);
    await using blobs = await place.open();
    expect(await blobs.remove(a.digest, place.clock.ms - MINUTE)).toBe(true);
  });
});

describe('a draft that was left behind', () => {
  it('is removed when nobody has written to it for a quarter of an hour, at the start', async () => {
    await using place = await makeFolderForTest();
    await place.open();
    await draftFile(place, { idle: 16 });
    const live = await draftFile(place, { idle: 1 });
    await using blobs = await place.open();
    expect(await readdir(join(place.folder, 'drafts'))).toEqual([live]);
    expect(blobs.usage().bytes).toBe(4);
  });

  it('is removed later when it is younger, but none that this process still has', async () => {
    await using place = await makeFolderForTest();
    await using blobs = await place.open();
    await using own = await blobs.create(a.digest, 100);
    await own.write(a.bytes);
    await draftFile(place, { idle: 1 });
    place.clock.ms += 60 * MINUTE;
    await listOf(blobs);
    expect(await readdir(join(place.folder, 'drafts'))).toEqual([
      expect.stringContaining(a.digest.slice(7)),
    ]);
    await own.commit();
    expect(await load(blobs, a.digest)).toEqual(a.bytes);
  });
});

it('counts no file twice and forgets none, whatever several stores do in turns', async () => {
  await using place = await makeFolderForTest();
  const stores = await Promise.all([place.open(), place.open(), place.open()]);
  for (let n = 0; n < 60; n++) {
    const blob = blobOf(`blob ${n % 25}`);
    const here = stores[n % 3] ?? stores[0];
    if (n % 4 === 3) await here.remove(blob.digest, Number.POSITIVE_INFINITY);
    else await store(here, blob);
  }
  place.clock.ms += MINUTE;
  const [first, ...others] = await Promise.all(
    stores.map(async (blobs) => {
      const listed = await listOf(blobs);
      return listed.map(({ digest }) => digest).sort();
    }),
  );
  for (const other of others) expect(other).toEqual(first);
  const usages = stores.map((blobs) => blobs.usage());
  expect(
    usages.every(({ blobs, bytes }) => blobs === first?.length && bytes === usages[0]?.bytes),
  ).toBe(true);
});
