import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quoteReason, safeText } from './registry-text.ts';

describe('quoteReason', () => {
  it('quotes code and message of an OCI error body', () => {
    const body = JSON.stringify({ errors: [{ code: 'DENIED', message: 'plan expired' }] });
    expect(quoteReason(body, [])).toBe('DENIED: plan expired');
  });

  it('quotes plain text and the message of other JSON bodies', () => {
    expect(quoteReason('Rate exceeded\n', [])).toBe('Rate exceeded');
    expect(quoteReason('{"message":"no such image"}', [])).toBe('no such image');
    expect(quoteReason('{"details":"incorrect username"}', [])).toBe('incorrect username');
  });

  it('has nothing to say about pages and empty bodies', () => {
    expect(quoteReason('<html><body>502</body></html>', [])).toBeUndefined();
    expect(quoteReason(' \r\n', [])).toBeUndefined();
    expect(quoteReason('{"errors":[{}]}', [])).toBeUndefined();
    expect(quoteReason('[]', [])).toBeUndefined();
  });

  it('masks the secrets that were sent and the queries of URLs', () => {
    const body = 'token eyJsecret refused, see https://cdn.example/blob?X-Signature=abc#top';
    expect(quoteReason(body, ['eyJsecret'])).toBe(
      'token *** refused, see https://cdn.example/blob?…',
    );
  });
});

describe('safeText', () => {
  it('masks the query of every URL, however long its path is and whatever else it holds', () => {
    const path = `https://a.example/${'x/'.repeat(50)}`;
    expect(safeText(`${path}?sig=1 and HTTP://b.example?q=http://c.example?r`)).toBe(
      `${path}?… and HTTP://b.example?…`,
    );
    expect(safeText(`https://${'x'.repeat(3_000)}?sig=secret`)).not.toContain('secret');
    expect(safeText('http://a.example/b, why?')).toBe('http://a.example/b, why?');
  });

  it('reads a text of nothing but beginnings of URLs in one pass', () => {
    const before = process.threadCpuUsage();
    expect(safeText('http://'.repeat(1_000_000))).toHaveLength(256);
    // μs of processor time: a hundredth of what it takes to read on from every beginning.
    expect(process.threadCpuUsage(before).user).toBeLessThan(1_000_000);
  });

  it('removes terminal sequences, line breaks and direction marks', () => {
    expect(safeText('a\u001b[31mb\r\nc\u202ed\u2028e')).toBe('a [31mb c d e');
  });

  it('keeps any text on one line of at most 256 characters', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 600, unit: 'binary' }), (text) => {
        const safe = safeText(text);
        expect(safe.length).toBeLessThanOrEqual(256);
        expect(safe).not.toMatch(/\p{Cc}/u);
        expect(safe.isWellFormed()).toBe(true);
      }),
    );
  });
});
