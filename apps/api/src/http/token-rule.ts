import { createHash, timingSafeEqual } from 'node:crypto';

/** Longest Authorization header that is looked at. */
const HEADER_LIMIT = 4096;

/** Decides whether an Authorization header carries the token. */
export interface TokenRule {
  accepts(authorization: string | undefined): boolean;
}

/** Compares digests of equal length, so that the time it takes says nothing about the token. */
export function createTokenRule(token: string): TokenRule {
  const wanted = digestOf(token);
  return {
    accepts(authorization) {
      if (authorization === undefined || authorization.length > HEADER_LIMIT) return false;
      const given = /^bearer +(\S+) *$/i.exec(authorization)?.[1];
      return given !== undefined && timingSafeEqual(digestOf(given), wanted);
    },
  };
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
