import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestAlgorithm, isDigest } from './digest.ts';

const SHA256_HEX = 'a'.repeat(64);
const SHA512_HEX = '0123456789abcdef'.repeat(8);

describe('isDigest', () => {
  it.each([`sha256:${SHA256_HEX}`, `sha512:${SHA512_HEX}`])('accepts %s', (text) => {
    expect(isDigest(text)).toBe(true);
  });

  it.each([
    ['no algorithm', SHA256_HEX],
    ['an empty text', ''],
    ['an unregistered algorithm', `md5:${'a'.repeat(32)}`],
    ['sha384, which the registry of algorithms lacks', `sha384:${'a'.repeat(96)}`],
    ['an upper-case algorithm', `SHA256:${SHA256_HEX}`],
    ['upper-case hex', `sha256:${SHA256_HEX.toUpperCase()}`],
    ['one digit too few', `sha256:${'a'.repeat(63)}`],
    ['one digit too many', `sha256:${'a'.repeat(65)}`],
    ['the length of the other algorithm', `sha256:${SHA512_HEX}`],
    ['a path in place of hex', `sha256:${'../'.repeat(21)}a`],
    ['a trailing line break', `sha256:${SHA256_HEX}\n`],
    ['leading white space', ` sha256:${SHA256_HEX}`],
    ['full-width digits', `sha256:${'０'.repeat(64)}`],
  ])('refuses %s', (_, text) => {
    expect(isDigest(text)).toBe(false);
  });
});

describe('digestAlgorithm', () => {
  it('names the algorithm in front of the colon', () => {
    expect(digestAlgorithm(`sha256:${SHA256_HEX}`)).toBe('sha256');
    expect(digestAlgorithm(`sha512:${SHA512_HEX}`)).toBe('sha512');
  });
});

describe('isDigest, for any text', () => {
  const hex = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`));
  const digest = fc.oneof(
    hex(64).map((text) => `sha256:${text}`),
    hex(128).map((text) => `sha512:${text}`),
  );

  it('accepts every digest, and tells its algorithm and its hex apart so that they make it again', () => {
    fc.assert(
      fc.property(digest, (text) => {
        if (!isDigest(text)) throw new Error(`${text} is refused`);
        const algorithm = digestAlgorithm(text);
        expect(`${algorithm}:${text.slice(algorithm.length + 1)}`).toBe(text);
        expect(text.length - algorithm.length - 1).toBe(algorithm === 'sha256' ? 64 : 128);
      }),
    );
  });

  it('accepts nothing that differs from a digest in one character', () => {
    const other = fc.constantFrom('A', 'g', ':', '/', '.', ' ', '\n', '\0', '\uff10', '');
    fc.assert(
      fc.property(digest, fc.nat(), other, (text, place, put) => {
        const at = place % text.length;
        expect(isDigest(text.slice(0, at) + put + text.slice(at + 1))).toBe(text[at] === put);
      }),
    );
  });

  it('accepts nothing with anything before or behind it', () => {
    fc.assert(
      fc.property(digest, fc.string({ minLength: 1 }), (text, more) => {
        expect(isDigest(text + more)).toBe(false);
        expect(isDigest(more + text)).toBe(false);
      }),
    );
  });
});
