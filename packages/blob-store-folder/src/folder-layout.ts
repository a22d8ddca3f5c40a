import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type Digest, isDigest } from '@tagtrail/image-reference';

export const ALGORITHMS = ['sha256', 'sha512'] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

/** Hex digits that name a folder of blobs: 256 folders, so that a million blobs are 4,000 in each. */
const SHARD_DIGITS = 2;
const SHARD = /^[0-9a-f]{2}$/;
const DRAFT = /^(?:sha256-[0-9a-f]{64}|sha512-[0-9a-f]{128})\.[0-9]{1,10}-[0-9a-f]{16}$/;

/**
 * Where things are in the folder of a store:
 *
 * ```
 *   blobs/sha256/ab/abcdef…                   verified; never written to
 *   drafts/sha256-abcdef….<pid>-<random>      being written
 * ```
 *
 * Both are on one file system, so a draft becomes a blob by a rename. No path is made of anything but a digest.
 */
export class FolderLayout {
  readonly root: string;
  readonly drafts: string;
  readonly #blobs: string;

  constructor(root: string) {
    this.root = root;
    this.drafts = join(root, 'drafts');
    this.#blobs = join(root, 'blobs');
  }

  /** All folders that exist from the beginning, outer ones first. */
  get folders(): readonly string[] {
    return [this.#blobs, ...ALGORITHMS.map((one) => this.algorithm(one)), this.drafts];
  }

  algorithm(algorithm: Algorithm): string {
    return join(this.#blobs, algorithm);
  }

  /** The folder of a blob. Throws TypeError unless `digest` is one, whatever its type says. */
  shard(digest: Digest): string {
    return join(this.#blobs, shardOf(digest));
  }

  /** Throws as {@link shard} does. */
  blob(digest: Digest): string {
    return join(this.shard(digest), hexOf(digest));
  }

  /** Another one for each call. Throws as {@link shard} does. */
  newDraft(digest: Digest): string {
    const owner = `${process.pid}-${randomBytes(8).toString('hex')}`;
    return join(this.drafts, `${validDigest(digest).replace(':', '-')}.${owner}`);
  }
}

/** `sha256/ab`. */
export function shardOf(digest: Digest): string {
  const colon = validDigest(digest).indexOf(':');
  return `${digest.slice(0, colon)}/${digest.slice(colon + 1, colon + 1 + SHARD_DIGITS)}`;
}

export function isShardName(name: string): boolean {
  return SHARD.test(name);
}

export function isDraftName(name: string): boolean {
  return DRAFT.test(name);
}

/** The blob that a file in a shard is; undefined for a file that no store put there. */
export function digestOfFile(
  algorithm: Algorithm,
  shard: string,
  name: string,
): Digest | undefined {
  const text = `${algorithm}:${name}`;
  return name.startsWith(shard) && isDigest(text) ? text : undefined;
}

function hexOf(digest: Digest): string {
  return digest.slice(digest.indexOf(':') + 1);
}

function validDigest(digest: Digest): Digest {
  if (typeof digest === 'string' && isDigest(digest)) return digest;
  throw new TypeError(`not a digest: ${JSON.stringify(String(digest).slice(0, 100))}`);
}
