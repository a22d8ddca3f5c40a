import { expect, it } from 'vitest';
import { sameContent } from './json-object.ts';

it.each([
  [{ a: 1, b: [2] }, { b: [2], a: 1 }, true],
  [{ a: 1 }, { a: 2 }, false],
  [{ a: [1, 2] }, { a: [2, 1] }, false],
  [{ a: null, b: {}, c: [] }, {}, true],
  [{ a: '' }, {}, false],
  [{ a: false }, {}, false],
  [{ a: [] }, { a: 1 }, false],
])('compares %j with %j: %j', (one, other, same) => {
  expect(sameContent(one, other)).toBe(same);
  expect(sameContent(other, one)).toBe(same);
});
