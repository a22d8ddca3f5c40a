import { expect, it } from 'vitest';
import { tagNameProblem } from './tag-name-problem.ts';

it.each([
  ['web@sha256:1', '"web@sha256:1" is an image stream image, not an image stream tag'],
  ['web', 'expected exactly one : delimiter in the istag "web"'],
  ['web:a:b', 'expected exactly one : delimiter in the istag "web:a:b"'],
  [':a', 'image stream tag name ":a" must have a name and a tag'],
  ['web:', 'image stream tag name "web:" must have a name and a tag'],
  ['web:a', undefined],
])('"%s": %s', (text, problem) => {
  expect(tagNameProblem(text)).toBe(problem);
});
