import { hash } from 'node:crypto';

const DIGESTS_IN_TEXT = /sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}/g;

/** `sha256:<hex>` of the bytes, or of the other algorithm. */
export function digestOf(
  bytes: Buffer | string,
  algorithm: 'sha256' | 'sha512' = 'sha256',
): string {
  return `${algorithm}:${hash(algorithm, bytes, 'hex')}`;
}

/** Every digest a document mentions, whatever its shape: what must stay while the document does. */
export function digestsIn(document: Buffer): readonly string[] {
  return document.toString().match(DIGESTS_IN_TEXT) ?? [];
}
