import { describe, expect, it } from 'vitest';
import { formatByteSize, parseByteSize } from './byte-size.ts';
import { byteSizeSetting } from './byte-size-setting.ts';

describe('a size in bytes', () => {
  it.each([
    ['0', 0],
    ['1024', 1024],
    ['1KiB', 1024],
    ['512Mi', 512 * 1024 ** 2],
    ['20GiB', 20 * 1024 ** 3],
    ['20 GB', 20 * 1024 ** 3],
    ['1.5T', 1.5 * 1024 ** 4],
  ])('reads %s', (text, bytes) => {
    expect(parseByteSize(text)).toEqual({ ok: true, bytes });
  });

  it.each(['', 'GiB', '-1', '1e3', '20 PiB', '99999999999999T', '1.2345G', '20GiB/s'])(
    'refuses %j',
    (text) => {
      expect(parseByteSize(text)).toEqual({
        ok: false,
        message: 'must be a size such as 512MiB, 20GiB or 1.5TiB',
      });
    },
  );

  it.each([0, 1, 1023, 1024, 20 * 1024 ** 3, 1536])(
    'is written so that it is read back: %i',
    (bytes) => {
      expect(parseByteSize(formatByteSize(bytes))).toEqual({ ok: true, bytes });
    },
  );

  it('of a setting has a least value', () => {
    const setting = byteSizeSetting('64MiB');
    expect(setting.parse('64MiB')).toBe(64 * 1024 ** 2);
    expect(() => setting.parse('1MiB')).toThrow('must be at least 64MiB');
    expect(() => setting.parse('much')).toThrow('must be a size such as 512MiB, 20GiB or 1.5TiB');
    expect(() => setting.parse(true)).toThrow('must be a size such as 512MiB or 20GiB');
  });
});
