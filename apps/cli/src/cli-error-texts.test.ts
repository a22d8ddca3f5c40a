import { expect, it } from 'vitest';
import { describeSystemError } from './cli-error.ts';

it.each([
  ['EACCES', 'permission denied'],
  ['EADDRNOTAVAIL', 'address not available'],
  ['ECONNREFUSED', 'connection refused'],
  ['ECONNRESET', 'connection reset'],
  ['EISDIR', 'is a directory'],
  ['ENOENT', 'no such file or directory'],
  ['ENOSPC', 'no space left on device'],
  ['ENOTDIR', 'not a directory'],
  ['ENOTFOUND', 'host not found'],
  ['EPERM', 'operation not permitted'],
  ['EROFS', 'read-only file system'],
])('says %s in words: %s', (code, words) => {
  const error = Object.assign(new Error(`${code}: open '/secret'`), { code });
  expect(describeSystemError(error)).toBe(words);
});

it('leaves the words of every other error as they are', () => {
  expect(describeSystemError(new Error('lost its way'))).toBe('lost its way');
  expect(describeSystemError(Object.assign(new Error('odd'), { code: 'EODD' }))).toBe('odd');
  expect(describeSystemError('thrown')).toBe('thrown');
});
