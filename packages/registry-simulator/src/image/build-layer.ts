import { gzipSync } from 'node:zlib';
import { digestOf } from './digest.ts';

const TAR_BLOCK = 512;

/** Layers are some 100 bytes; the default of 16 KiB makes most of the cost of a push. */
const ZLIB_CHUNK_BYTES = 1024;

/** A layer blob, and the digest of its tar before compression (the config's `diff_ids` entry). */
export interface Layer {
  readonly blob: Buffer;
  readonly digest: string;
  readonly diffId: string;
}

/** A gzipped tar with one text file, so that real clients can unpack what they pull. */
export function buildLayer(path: string, text: string): Layer {
  const tar = buildTar(path, text);
  // zlib's answer is a view of a whole chunk; the copy keeps only its own size in memory.
  const blob = Buffer.from(gzipSync(tar, { chunkSize: ZLIB_CHUNK_BYTES }));
  return { blob, digest: digestOf(blob), diffId: digestOf(tar) };
}

/** POSIX ustar: a header, the content in whole blocks, two empty blocks. Root's file, of the epoch. */
function buildTar(path: string, text: string): Buffer {
  const size = Buffer.byteLength(text);
  const tar = Buffer.alloc(TAR_BLOCK * (1 + Math.ceil(size / TAR_BLOCK) + 2));
  tar.write(path, 0);
  tar.write('0000644', 100);
  tar.write('0000000', 108);
  tar.write('0000000', 116);
  tar.write(octal(size, 11), 124);
  tar.write(octal(0, 11), 136);
  tar.write('        ', 148);
  tar.write('0', 156);
  tar.write('ustar\0', 257);
  tar.write('00', 263);
  // The checksum is the sum of all bytes so far, its own field counted as spaces.
  const sum = tar.reduce((total, byte) => total + byte, 0);
  tar.write(`${octal(sum, 6)}\0 `, 148);
  tar.write(text, TAR_BLOCK);
  return tar;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}
