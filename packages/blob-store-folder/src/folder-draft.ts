import { createHash, type Hash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { type BlobDraft, BlobStoreError } from '@tagtrail/blob-store';
import { type Digest, digestAlgorithm } from '@tagtrail/image-reference';
import { AppendedFile } from './appended-file.ts';
import { inFolder } from './folder-error.ts';

/** For this user only: blobs may be of private repositories. */
const FILE_MODE = 0o600;

export interface DraftParts {
  readonly digest: Digest;
  /** Bytes that were announced. */
  readonly size: number;
  readonly folder: string;
  readonly path: string;
  /** ms since the epoch. */
  readonly now: () => number;
  /** Puts the file in its place. */
  readonly publish: (path: string) => Promise<void>;
  /** Called once: it was committed, or is gone. */
  readonly onEnd: (end: 'committed' | 'discarded') => void;
}

/** Makes the file of a draft. Throws BlobStoreError. */
export async function openDraft(parts: DraftParts): Promise<BlobDraft> {
  const { O_RDWR, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
  const file = await inFolder(parts.folder, 'begin a blob', () =>
    open(parts.path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, FILE_MODE),
  );
  return new FolderDraft(parts, file);
}

class FolderDraft implements BlobDraft {
  readonly #parts: DraftParts;
  readonly #handle: FileHandle;
  readonly #file: AppendedFile;
  readonly #hash: Hash;
  /** Of all bytes; from when it was asked for on, nothing can be written. */
  #found: string | undefined;
  #end: 'committed' | 'discarded' | undefined;
  #closing: Promise<void> | undefined;

  constructor(parts: DraftParts, handle: FileHandle) {
    this.#parts = parts;
    this.#handle = handle;
    this.#file = new AppendedFile(handle);
    this.#hash = createHash(digestAlgorithm(parts.digest));
  }

  get written(): number {
    return this.#file.length;
  }

  async write(chunk: Uint8Array): Promise<void> {
    const { digest, size, folder } = this.#parts;
    this.#refuseClosed();
    if (this.#found !== undefined) throw new Error(`${digest} is verified and cannot grow`);
    if (this.written + chunk.length > size) {
      throw new BlobStoreError('too-long', `${digest} has more than the ${size} bytes announced`);
    }
    const appended = inFolder(folder, `write ${digest}`, () => this.#file.append(chunk));
    // Hashed while the disk is busy with what came before.
    this.#hash.update(chunk);
    await appended;
  }

  async readAt(position: number, length: number): Promise<Buffer> {
    const { digest, folder } = this.#parts;
    this.#refuseClosed();
    return inFolder(folder, `read ${digest} back`, () => this.#file.readAt(position, length));
  }

  verify(): void {
    const { digest, size } = this.#parts;
    if (this.written !== size) {
      const message = `${digest} should have ${size} bytes, but only ${this.written} came`;
      throw new BlobStoreError('mismatch', message);
    }
    this.#found ??= `${digestAlgorithm(digest)}:${this.#hash.digest('hex')}`;
    if (this.#found === digest) return;
    throw new BlobStoreError('mismatch', `the bytes for ${digest} are those of ${this.#found}`);
  }

  async commit(): Promise<void> {
    const { digest, folder, path, now, publish } = this.#parts;
    this.#refuseClosed();
    if (this.#end === 'committed') return;
    this.verify();
    await inFolder(folder, `store ${digest}`, async () => {
      const usedAt = now() / 1000;
      await this.#file.flush();
      await this.#handle.utimes(usedAt, usedAt);
      await this.#handle.sync();
      await publish(path);
    });
    this.#finish('committed');
  }

  /** What was committed can be read back until then. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing ??= this.#close();
    await this.#closing;
  }

  async #close(): Promise<void> {
    const { path } = this.#parts;
    // What cannot be closed or removed has lost its owner and is swept away later, as after a crash.
    await this.#file.close().catch(() => {});
    if (this.#end === undefined) await rm(path, { force: true }).catch(() => {});
    this.#finish('discarded');
  }

  #finish(end: 'committed' | 'discarded'): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    this.#parts.onEnd(end);
  }

  #refuseClosed(): void {
    if (this.#closing !== undefined)
      throw new Error(`the draft of ${this.#parts.digest} is closed`);
  }
}
