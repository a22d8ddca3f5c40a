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
