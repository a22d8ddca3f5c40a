import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BlobStore } from '@tagtrail/blob-store';
import { openBlobFolder } from '@tagtrail/blob-store-folder';
import type { Digest } from '@tagtrail/image-reference';
import type { ByteSink } from '../blobs/growing-blob.ts';

/** A store in a folder of its own, which goes with it. */
export interface StoreForTest extends AsyncDisposable {
  readonly store: BlobStore;
  readonly folder: string;
}

export async function openStoreForTest(quota = 1024 ** 3): Promise<StoreForTest> {
  const folder = mkdtempSync(join(tmpdir(), 'tagtrail-blobs-'));
  const store = await openBlobFolder({ folder, quota });
  return {
    store,
    folder,
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function digestOf(bytes: Uint8Array): Digest {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** Keeps what it is given. */
export class KeepingSink implements ByteSink {
  readonly chunks: Uint8Array[] = [];
  readonly over = Promise.withResolvers<'ended' | { readonly error: unknown }>();
  isSlow = false;
  wanted: (() => void) | undefined;

  write(chunk: Uint8Array): boolean {
    this.chunks.push(chunk);
    return !this.isSlow;
  }

  onDrain(wanted: () => void): void {
    this.wanted = wanted;
  }

  end(): void {
    this.over.resolve('ended');
  }

  fail(error: unknown): void {
    this.over.resolve({ error });
  }

  get bytes(): Buffer {
    return Buffer.concat(this.chunks);
  }
}
