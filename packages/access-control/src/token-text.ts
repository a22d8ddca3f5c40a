import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Bytes of an id: enough to tell a thousand tokens apart, few enough to be typed. */
const ID_BYTES = 6;
/** Bytes of a secret: 256 random bits, which nobody guesses, however fast a hash can be tried. */
const SECRET_BYTES = 32;
const ID = new RegExp(`^[0-9a-f]{${ID_BYTES * 2}}$`);
const TEXT = new RegExp(`^tagtrail_([0-9a-f]{${ID_BYTES * 2}})_([0-9a-f]{${SECRET_BYTES * 2}})$`);

/** The two parts of a token's text. */
export interface TokenText {
  readonly id: string;
  readonly secret: string;
}

/** A new id and a new secret. */
export function drawToken(): TokenText {
  return {
    id: randomBytes(ID_BYTES).toString('hex'),
    secret: randomBytes(SECRET_BYTES).toString('hex'),
  };
}

/**
 * `tagtrail_<id>_<secret>`: the prefix is there for scanners that look for leaked secrets, and hexadecimal digits are
 * selected with one double click and need no quoting anywhere.
 */
export function formatToken({ id, secret }: TokenText): string {
  return `tagtrail_${id}_${secret}`;
}

/** Undefined for what no token looks like. */
export function parseToken(text: string): TokenText | undefined {
  const [, id, secret] = TEXT.exec(text) ?? [];
  return id === undefined || secret === undefined ? undefined : { id, secret };
}

/** Whether a text could be the id of a token; no token has such a name. */
export function isTokenId(text: string): boolean {
  return ID.test(text);
}

/**
 * What is kept of a secret. One round of SHA-256 is enough: slow hashes protect what people think up, and a secret of
 * 256 random bits can't be found by trying.
 */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Compares hashes of equal length, so that the time it takes says nothing about the secret. */
export function isSecretOf(secret: string, { hash }: { readonly hash: string }): boolean {
  const given = Buffer.from(hashSecret(secret), 'hex');
  const wanted = Buffer.from(hash, 'hex');
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
