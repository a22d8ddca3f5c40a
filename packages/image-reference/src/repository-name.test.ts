import { describe, expect, it } from 'vitest';
import { isRepositoryName } from './repository-name.ts';

describe('isRepositoryName', () => {
  it.each([
    'redis',
    'library/redis',
    'a/b/c/d/e',
    'a.b',
    'a_b',
    'a__b',
    'a-b',
    'a-----b',
    '0',
    'ruby-20-centos7',
    'a'.repeat(255),
  ])('accepts %s', (text) => {
    expect(isRepositoryName(text)).toBe(true);
  });

  it.each([
    ['an empty text', ''],
    ['an empty component', 'a//b'],
    ['a leading slash', '/a'],
    ['a trailing slash', 'a/'],
    ['upper case', 'Library/redis'],
    ['two dots', 'a..b'],
    ['a step up', '../a'],
    ['three underscores', 'a___b'],
    ['mixed separators', 'a.-b'],
    ['a leading separator', '-a'],
    ['a trailing separator', 'a_'],
    ['a percent escape', 'a%2e%2e'],
    ['a query', 'a?b'],
    ['a line break', 'a\r\nb'],
    ['256 characters', 'a'.repeat(256)],
  ])('refuses %s', (_, text) => {
    expect(isRepositoryName(text)).toBe(false);
  });
});
