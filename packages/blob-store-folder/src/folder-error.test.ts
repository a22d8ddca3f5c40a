import { constants } from 'node:os';
import { BlobStoreError } from '@tagtrail/blob-store';
import { describe, expect, it } from 'vitest';
import { folderError } from './folder-error.ts';

function systemError(code: string, errno = 0): Error {
  const error = new Error(`${code}: it failed, open '/store/drafts/x'`);
  return Object.assign(error, { code, errno, syscall: 'open', path: '/store/drafts/x' });
}

describe('an error of the file system', () => {
  it.each([
    ['EACCES', 'unavailable', 'permission denied; it must belong to the user of this process'],
    ['EROFS', 'unavailable', 'the file system is read-only; mount it to be written'],
    ['EMFILE', 'unavailable', 'too many open files in this process; raise ulimit -n'],
    ['ENOSPC', 'no-room', 'no space left on the device; free some, or lower the quota'],
    ['EIO', 'unavailable', 'input/output error; the disk may be damaged'],
  ])('says for %s what was attempted where, why it failed and what to do', (code, kind, words) => {
    const error = folderError('/store', 'begin a blob', systemError(code));
    expect(error).toBeInstanceOf(BlobStoreError);
    expect(error).toMatchObject({ code: kind, retryable: true });
    expect(String(error)).toContain(`cannot begin a blob in the blob folder /store: ${words}`);
    expect(String(error)).toContain(`(${code} at /store/drafts/x)`);
  });

  it.each([
    ['EDQUOT', 'no-room', 'the disk quota of this user is used up'],
    ['ESTALE', 'unavailable', 'the network file system forgot it'],
  ] as const)('is known by its number where Node has no name for it: %s', (name, kind, words) => {
    const number = -constants.errno[name];
    const error = folderError(
      '/store',
      'write',
      systemError(`Unknown system error ${number}`, number),
    );
    expect(error).toMatchObject({ code: kind, message: expect.stringContaining(words) });
  });

  it('keeps the words of the system for what is rare', () => {
    const error = folderError('/store', 'write', systemError('EPROTO'));
    expect(error).toMatchObject({ message: expect.stringContaining('EPROTO: it failed') });
  });

  it('is not what a mistake in the program is', () => {
    const mistake = new TypeError('no such thing');
    expect(folderError('/store', 'write', mistake)).toBe(mistake);
    const own = new BlobStoreError('mismatch', 'other bytes');
    expect(folderError('/store', 'write', own)).toBe(own);
  });
});
