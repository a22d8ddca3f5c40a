import { describe, expect, it } from 'vitest';
import { isTagName } from './tag-name.ts';

describe('isTagName', () => {
  it.each([
    'latest',
    '1',
    'v1.2.3-rc.1',
    '_internal',
    'UPPER',
    '2026-11-23_05.27',
    'a'.repeat(128),
  ])('accepts %s', (text) => {
    expect(isTagName(text)).toBe(true);
  });

  it.each([
    ['an empty text', ''],
    ['a leading dot', '.hidden'],
    ['a leading hyphen', '-flag'],
    ['a slash', 'a/b'],
    ['a colon', 'a:b'],
    ['white space', 'a b'],
    ['a trailing line break', 'latest\n'],
    ['129 characters', 'a'.repeat(129)],
    ['a letter outside ASCII', 'größe'],
    ['a percent escape', 'a%2fb'],
  ])('refuses %s', (_, text) => {
    expect(isTagName(text)).toBe(false);
  });
});
