import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { BlobStore, StoredBlob } from '@tagtrail/blob-store';
import type { Digest } from '@tagtrail/image-reference';

export interface TestBlob {
  readonly digest: Digest;
  readonly bytes: Buffer;
}

/** A blob of the given bytes. */
export function blobOf(
  content: string | Buffer,
  algorithm: 'sha256' | 'sha512' = 'sha256',
): TestBlob {
  const bytes = Buffer.from(content);
  const hex = createHash(algorithm).update(bytes).digest('hex');
  return { bytes, digest: `${algorithm}:${hex}` };
}

/** A blob of 100 bytes, another one for each name. */
export function blobOf100(name: string): TestBlob {
  return blobOf(name.padEnd(100, '.'));
}

export async function store(blobs: BlobStore, { digest, bytes }: TestBlob): Promise<void> {
  await using draft = await blobs.create(digest, bytes.length);
  await draft.write(bytes);
  await draft.commit();
}

/** What the store has of a blob; undefined when it has none. */
export async function load(blobs: BlobStore, digest: Digest): Promise<Buffer | undefined> {
  await using held = await blobs.open(digest);
  return held === undefined ? undefined : bytesOf(held.read());
}

export function bytesOf(stream: Readable): Promise<Buffer> {
  return buffer(stream);
}

export async function listOf(blobs: BlobStore): Promise<readonly StoredBlob[]> {
  const listed: StoredBlob[] = [];
  for await (const blob of blobs.list()) listed.push(blob);
  return listed;
}
