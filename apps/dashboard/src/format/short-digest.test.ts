import { expect, it } from 'vitest';
import { bareDigest, shortDigest } from './short-digest.ts';

const digits = '1a2b3c4d5e6f'.padEnd(64, '0');

it('shortens a digest, alone and in a pull spec', () => {
  expect(shortDigest(`sha256:${digits}`)).toBe('sha256:1a2b3c4d5e6f…');
  expect(shortDigest(`quay.io/a/b@sha256:${digits}`)).toBe('quay.io/a/b@sha256:1a2b3c4d5e6f…');
  expect(bareDigest(`sha256:${digits}`)).toBe('1a2b3c4d5e6f');
});

it('leaves what is no digest', () => {
  expect(shortDigest('quay.io/a/b:v1')).toBe('quay.io/a/b:v1');
  expect(bareDigest('quay.io/a/b:v1')).toBe('quay.io/a/b:v1');
});
