import { sep } from 'node:path';
import type { Digest } from '@tagtrail/image-reference';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestOfFile, FolderLayout, isDraftName, shardOf } from './folder-layout.ts';

const layout = new FolderLayout('/store');
const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });
const digests = fc.oneof(
  hex(64).map((digits): Digest => `sha256:${digits}`),
  hex(128).map((digits): Digest => `sha512:${digits}`),
);
const PATH =
  /^\/store\/(blobs\/(sha256|sha512)\/[0-9a-f]{2}\/[0-9a-f]+|drafts\/(sha256|sha512)-[0-9a-f]+\.[0-9]+-[0-9a-f]{16})$/;

describe('the paths of a blob', () => {
  it('are made of its digest, and lead back to it', () => {
    fc.assert(
      fc.property(digests, (digest) => {
        const path = layout.blob(digest);
        const [name = '', shard = '', algorithm = ''] = path.split(sep).reverse();
        expect(path).toMatch(PATH);
        expect(layout.newDraft(digest)).toMatch(PATH);
        expect(isDraftName(layout.newDraft(digest).slice('/store/drafts/'.length))).toBe(true);
        expect(shardOf(digest)).toBe(`${algorithm}/${shard}`);
        expect(digestOfFile(algorithm === 'sha256' ? 'sha256' : 'sha512', shard, name)).toBe(
          digest,
        );
      }),
    );
  });

  it('are of no text that is no digest, whatever the types say', () => {
    const prefixed = fc.tuple(fc.constantFrom('sha256:', 'sha512:', 'md5:', ''), fc.string());
    const climbing = fc.constantFrom('../'.repeat(22), '/etc/passwd', '\0'.repeat(64), '..%2f');
    const mutated = fc
      .tuple(digests, fc.nat(200), fc.constantFrom('.', '/', '\\', '\0', '\n', 'A', 'g', ''))
      .map(([digest, at, text]) => digest.slice(0, at) + text + digest.slice(at + 1))
      .filter((text) => !/^(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/.test(text));
    const texts = fc.oneof(
      prefixed.map((parts) => parts.join('')),
      climbing.map((text) => `sha256:${text}`),
      mutated,
    );
    fc.assert(
      fc.property(texts, (text) => {
        // What no caller with types can do.
        const digest = text as Digest;
        expect(() => layout.blob(digest)).toThrow('not a digest');
        expect(() => layout.shard(digest)).toThrow('not a digest');
        expect(() => layout.newDraft(digest)).toThrow('not a digest');
      }),
    );
  });

  it('differ for two drafts of one digest', () => {
    const digest: Digest = `sha256:${'a'.repeat(64)}`;
    expect(layout.newDraft(digest)).not.toBe(layout.newDraft(digest));
  });

  it('are not those of files in the wrong folder, or with other names', () => {
    const digits = 'ab'.padEnd(64, '0');
    expect(digestOfFile('sha256', 'ab', digits)).toBe(`sha256:${digits}`);
    expect(digestOfFile('sha256', 'ac', digits)).toBeUndefined();
    expect(digestOfFile('sha512', 'ab', digits)).toBeUndefined();
    expect(digestOfFile('sha256', 'ab', `${digits}.tmp`)).toBeUndefined();
    expect(isDraftName(`sha256-${digits}.1-`)).toBe(false);
    expect(isDraftName(`../sha256-${digits}.1-${'0'.repeat(16)}`)).toBe(false);
  });
});
