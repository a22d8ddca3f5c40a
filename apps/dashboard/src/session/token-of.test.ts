import { expect, it } from 'vitest';
import { tokenOf } from './token-of.ts';

it.each([
  ['the token', 'abc-DEF_1.2~', 'abc-DEF_1.2~'],
  ['the token with the ends of its line', '  abc\n', 'abc'],
  ['a kubeconfig', 'users:\n  - name: me\n    user:\n      token: abc\n', 'abc'],
  ['a kubeconfig in JSON style', 'user: { token: "abc" }', 'abc'],
  ['nothing', ' ', undefined],
  ['a sentence', 'where is my token', undefined],
  ['what no header can carry', 'tökén', undefined],
])('takes %s', (_, pasted, token) => {
  expect(tokenOf(pasted)).toBe(token);
});
