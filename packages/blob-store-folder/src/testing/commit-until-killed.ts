/** Stores blobs in the folder that is its argument, four at a time, and prints a dot for each, until it is killed. */
import { randomBytes } from 'node:crypto';
import { openBlobFolder } from '../open-blob-folder.ts';
import { blobOf } from './a-blob.ts';

/** One write's worth, and one that takes several. */
const SIZES = [1, 3_000, 200_000, 2_500_000];

const [, , folder = ''] = process.argv;
const blobs = await openBlobFolder({ folder, quota: 1e12 });

async function storeForever(size: number): Promise<never> {
  for (;;) {
    const { digest, bytes } = blobOf(randomBytes(size));
    await using draft = await blobs.create(digest, size);
    for (let from = 0; from < size; from += 65_536) {
      await draft.write(bytes.subarray(from, from + 65_536));
    }
    await draft.commit();
    process.stdout.write('.');
  }
}

await Promise.all(SIZES.map(storeForever));
