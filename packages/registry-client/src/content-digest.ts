import { isAscii } from 'node:buffer';
import { hash } from 'node:crypto';
import { type Digest, digestAlgorithm, isDigest } from '@tagtrail/image-reference';
import { RegistryError } from './registry-error.ts';

/** The digest of raw bytes. */
export function computeDigest(bytes: Buffer, algorithm: 'sha256' | 'sha512' = 'sha256'): Digest {
  return `${algorithm}:${hash(algorithm, bytes, 'hex')}`;
}

/** Whether the bytes are what `digest` addresses. */
export function matchesDigest(bytes: Buffer, digest: Digest): boolean {
  return computeDigest(bytes, digestAlgorithm(digest)) === digest;
}

/** A `Docker-Content-Digest` header; undefined unless there is exactly one well-formed digest. */
export function readDigestHeader(header: string | string[] | undefined): Digest | undefined {
  return typeof header === 'string' && isDigest(header) ? header : undefined;
}

/** Keeps a byte order mark, so that the text encodes to the same bytes again. */
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Throws a {@link RegistryError} that opens with `subject` when the bytes are not UTF-8. */
export function decodeText(bytes: Buffer, subject: string): string {
  // Nearly all manifests and configs; it takes half as long, and is the same text.
  if (isAscii(bytes)) return bytes.toString('latin1');
  try {
    return UTF8.decode(bytes);
  } catch (cause) {
    throw new RegistryError('InvalidManifest', `${subject}: the content is not utf-8`, { cause });
  }
}
