import { describe, expect, it } from 'vitest';
import { redactUrls } from './redact-urls.ts';

describe('redactUrls', () => {
  it.each([
    ['redis://:hunter2@redis:6379/0', 'redis://***@redis:6379/0'],
    ['redis://user:hun/te@r2@redis:6379', 'redis://***@redis:6379'],
    ['rediss://:hunter2#?@redis', 'rediss://***@redis'],
    ['unix:///run/r.sock?password=hunter2&db=0', 'unix:///run/r.sock?***'],
    ['https://user:hunter2@quay.io/v2/', 'https://***@quay.io/v2/'],
    ['https://s3.example.com/blob?X-Amz-Signature=hunter2', 'https://s3.example.com/blob?***'],
  ])('takes the secret out of %s', (url, redacted) => {
    expect(redactUrls(`cannot reach ${url} now`)).toBe(`cannot reach ${redacted} now`);
  });

  it.each([
    'https://quay.io/v2/app/manifests/latest',
    'https://quay.io/app@sha256:0123 was pinned by bob@example.com',
    'quay.io/app@sha256:0123?',
    'a:// b@c',
    'nothing here',
  ])('leaves %s alone', (text) => {
    expect(redactUrls(text)).toBe(text);
  });

  it('redacts every URL of a text', () => {
    expect(redactUrls('redis://a@b to redis://c@d')).toBe('redis://***@b to redis://***@d');
  });

  it('keeps a line of JSON whole, whatever stands in its texts', () => {
    const texts = [
      'https://h/x?a=1\nnext line',
      'said "https://h/x?a=1" twice',
      'redis://:pass\\word@h',
      'https://u:"quoted"@h',
      'https://h?\\',
    ];
    for (const text of texts) {
      const line = JSON.stringify({ text, other: 'bob@example.com' });
      const redacted = JSON.parse(redactUrls(line)) as Record<string, string>;
      expect(redacted['other']).toBe('bob@example.com');
      expect(redacted['text']).toContain('***');
    }
    expect(redactUrls(JSON.stringify(texts[0]))).toContain('next line');
    expect(redactUrls(JSON.stringify(texts[1]))).toContain('twice');
  });

  it('is quick over long texts that look like many URLs', () => {
    const start = performance.now();
    redactUrls('a.b-c+'.repeat(50_000) + '://'.repeat(50_000) + 'http://x?'.repeat(10_000));
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});
