import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { buildLayer } from './build-layer.ts';
import { digestOf } from './digest.ts';

/** What a tar reader makes of the first entry. */
function readFirstEntry(tar: Buffer) {
  const header = Buffer.from(tar.subarray(0, 512));
  const number = (start: number, end: number) =>
    Number.parseInt(tar.subarray(start, end).toString(), 8);
  header.fill(' ', 148, 156);
  return {
    path: tar.subarray(0, tar.indexOf(0)).toString(),
    text: tar.subarray(512, 512 + number(124, 136)).toString(),
    magic: tar.subarray(257, 262).toString(),
    sumIsRight: header.reduce((sum, byte) => sum + byte, 0) === number(148, 156),
  };
}

describe('buildLayer', () => {
  it('is a tar with the one file', () => {
    for (const text of ['', 'hello\n', 'ä'.repeat(256), 'x'.repeat(2000)]) {
      const tar = gunzipSync(buildLayer('etc/motd', text).blob);
      expect(tar.length % 512).toBe(0);
      expect(tar.subarray(-1024)).toEqual(Buffer.alloc(1024));
      expect(readFirstEntry(tar)).toEqual({
        path: 'etc/motd',
        text,
        magic: 'ustar',
        sumIsRight: true,
      });
    }
  });

  it('knows its digest with and without compression', () => {
    const { blob, digest, diffId } = buildLayer('etc/motd', 'hello\n');
    expect(digestOf(blob)).toBe(digest);
    expect(digestOf(gunzipSync(blob))).toBe(diffId);
  });
});
