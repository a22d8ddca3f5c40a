import { expect, it } from 'vitest';
import { dnsSubdomainProblems } from './dns-name.ts';
import { parseFieldSelector } from './parse-field-selector.ts';
import { parseLabelSelector } from './parse-label-selector.ts';

it.each([
  ['label', parseLabelSelector],
  ['field', parseFieldSelector],
])('a %s selector has a longest form', (_, parse) => {
  expect(parse('a'.repeat(16_385))).toEqual({
    ok: false,
    message: expect.stringMatching(/selector may not be longer than 16384 characters$/u),
  });
});

it('a name of DNS labels joined by dots is asked for in the words of Kubernetes', () => {
  expect(dnsSubdomainProblems('Example.com')).toEqual([
    expect.stringContaining(
      "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
    ),
  ]);
});
