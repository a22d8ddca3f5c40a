import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { base64Bytes, decodeBase64, encodeBase64, isBase64 } from './base64.ts';

describe('base64', () => {
  it('is that of everybody else, for every text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const encoded = encodeBase64(text);
        expect(encoded).toBe(Buffer.from(text).toString('base64'));
        expect(decodeBase64(encoded)).toBe(text.toWellFormed());
        expect(base64Bytes(encoded)).toBe(Buffer.byteLength(text));
      }),
    );
  });

  it('of bytes that are no text has no text', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const text = Buffer.from(bytes).toString();
        const isText = Buffer.from(text).equals(Buffer.from(bytes));
        const encoded = Buffer.from(bytes).toString('base64');
        expect(decodeBase64(encoded)).toBe(isText ? text : undefined);
        expect(base64Bytes(encoded)).toBe(bytes.length);
      }),
    );
  });

  it.each(['a', 'ab=', 'abc', 'a===', 'ab-_', 'ab c', '=abc', 'YQ==YQ=='])('is not %j', (text) => {
    expect(isBase64(text)).toBe(false);
    expect(decodeBase64(text)).toBeUndefined();
  });
});
