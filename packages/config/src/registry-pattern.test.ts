import { expect, it } from 'vitest';
import { isRegistryPattern } from './registry-pattern.ts';

it.each([
  ['quay.io', true],
  ['*.example.com:*', true],
  ['[::1]:5000', true],
  ['https://quay.io', false],
  ['quay.io/team', false],
  ['Quay.io', false],
  ['', false],
  ['a'.repeat(300), false],
])('%s may be written as an entry: %s', (entry, isOne) => {
  expect(isRegistryPattern(entry)).toBe(isOne);
});
