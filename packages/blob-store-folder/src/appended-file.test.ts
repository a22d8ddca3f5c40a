import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppendedFile } from './appended-file.ts';
import { inFolder } from './folder-error.ts';
import { makeFolderForTest } from './testing/store-for-test.ts';

describe('a file that is appended to', () => {
  it('has all pieces in their order, however they were cut', async () => {
    await using place = await makeFolderForTest();
    let count = 0;
    const pieces = fc.array(fc.uint8Array({ maxLength: 3000 }), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(pieces, async (chunks) => {
        const path = join(place.folder, String(count++));
        const file = new AppendedFile(await open(path, 'wx+'));
        for (const chunk of chunks) await file.append(chunk);
        await file.flush();
        const expected = Buffer.concat(chunks);
        expect((await readFile(path)).equals(expected)).toBe(true);
        expect((await file.readAt(0, 1e6)).equals(expected)).toBe(true);
        expect(file.length).toBe(expected.length);
        await file.close();
      }),
      { numRuns: 40 },
    );
  });

  it('keeps the order of calls that do not wait for one another', async () => {
    await using place = await makeFolderForTest();
    const path = join(place.folder, 'file');
    const file = new AppendedFile(await open(path, 'wx+'));
    const chunks = Array.from({ length: 12 }, (_, at) => Buffer.alloc(300_000, at));
    await Promise.all(chunks.map((chunk) => file.append(chunk)));
    await file.flush();
    expect((await readFile(path)).equals(Buffer.concat(chunks))).toBe(true);
    await file.close();
  });

  it('goes on after a write that was cut short', async () => {
    await using place = await makeFolderForTest();
    const path = join(place.folder, 'file');
    const handle = await open(path, 'wx+');
    const writev = handle.writev.bind(handle);
    // As a disk that is nearly full, or a signal, does it.
    handle.writev = ((chunks: readonly Uint8Array[], position: number) => {
      const [first = Buffer.alloc(0)] = chunks;
      return writev([first.subarray(0, Math.ceil(first.length / 2))], position);
    }) as typeof handle.writev;
    const file = new AppendedFile(handle);
    for (const text of ['one, ', 'two, ', 'three, ', 'four']) await file.append(Buffer.from(text));
    await file.flush();
    expect(await readFile(path, 'utf8')).toBe('one, two, three, four');
    await file.close();
  });

  it('fails from the first failure on, and tells a full disk from others', async () => {
    const file = new AppendedFile(await open('/dev/full', 'r+'));
    await file.append(Buffer.from('abc'));
    await expect(file.flush()).rejects.toMatchObject({ code: 'ENOSPC' });
    await expect(
      inFolder('/store', 'write it', () => file.append(Buffer.from('d'))),
    ).rejects.toMatchObject({
      name: 'BlobStoreError',
      code: 'no-room',
      message:
        'cannot write it in the blob folder /store: no space left on the device; free some, or lower the quota of the store (ENOSPC)',
    });
    await expect(file.readAt(0, 1)).rejects.toMatchObject({ code: 'ENOSPC' });
    await file.close();
  });

  it('lets a writer wait when the disk is slower', async () => {
    const file = new AppendedFile(await open('/dev/full', 'r+'));
    const piece = Buffer.alloc(1024 * 1024);
    await expect(file.append(piece).then(() => file.append(piece))).rejects.toMatchObject({
      code: 'ENOSPC',
    });
    await file.close();
  });
});
