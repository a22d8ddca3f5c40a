import { describe, expect, it } from 'vitest';
import { plainText, shortText } from './plain-text.ts';

describe('plainText', () => {
  it('disarms escape sequences and line breaks of texts from elsewhere', () => {
    expect(plainText('\u001b[31mred\u001b[0m\r\nnext')).toBe('[31mred [0m next');
    expect(plainText('abc\u202edef')).toBe('abc def');
  });

  it('cuts a long text and shows that it did', () => {
    expect(shortText('one two three', 8)).toBe('one two…');
    expect(shortText('one two', 8)).toBe('one two');
  });
});
