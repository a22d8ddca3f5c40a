import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  drawToken,
  formatToken,
  hashSecret,
  isSecretOf,
  isTokenId,
  parseToken,
} from './token-text.ts';

const SECRET = 'a'.repeat(64);
const hexadecimal = (length: number) =>
  fc
    .array(fc.constantFrom(...'0123456789abcdef'), { minLength: length, maxLength: length })
    .map((digits) => digits.join(''));

describe("a token's text", () => {
  it('is parsed into what it was made of', () => {
    fc.assert(
      fc.property(hexadecimal(12), hexadecimal(64), (id, secret) => {
        expect(parseToken(formatToken({ id, secret }))).toEqual({ id, secret });
      }),
    );
  });

  it('can be found by a scanner for leaked secrets', () => {
    expect(formatToken(drawToken())).toMatch(/^tagtrail_[0-9a-f]{12}_[0-9a-f]{64}$/);
  });

  it('is another one each time', () => {
    const drawn = Array.from({ length: 100 }, drawToken);
    expect(new Set(drawn.map(({ id }) => id)).size).toBe(100);
    expect(new Set(drawn.map(({ secret }) => secret)).size).toBe(100);
  });

  it.each([
    '',
    'tagtrail',
    `tagtrail_0123456789ab_${SECRET}x`,
    `tagtrail_0123456789ab_${SECRET.toUpperCase()}`,
    `tagtrail_0123456789a_${SECRET}`,
    `0123456789ab_${SECRET}`,
    ` tagtrail_0123456789ab_${SECRET}`,
    `tagtrail_0123456789ab_${SECRET}\n`,
  ])('is not %j', (text) => {
    expect(parseToken(text)).toBeUndefined();
  });

  it('is told from its id', () => {
    expect(isTokenId('0123456789ab')).toBe(true);
    expect(['ci', '0123456789a', '0123456789AB', ''].map(isTokenId)).not.toContain(true);
  });
});

describe('isSecretOf', () => {
  it('knows the secret by its hash, which does not hold it', () => {
    const { secret } = drawToken();
    const hash = hashSecret(secret);
    expect(hash).not.toContain(secret.slice(0, 16));
    expect(isSecretOf(secret, { hash })).toBe(true);
  });

  it.each(['', 'zz', hashSecret(SECRET).slice(0, 62), hashSecret(`${SECRET} `)])(
    'knows nobody by the hash %j',
    (hash) => {
      expect(isSecretOf(SECRET, { hash })).toBe(false);
    },
  );
});
