import { describe, expect, it } from 'vitest';
import { dnsLabelProblems, dnsSubdomainProblems, isDnsLabel } from './dns-name.ts';

describe('isDnsLabel', () => {
  it.each(['a', '0', 'demo-project', '1-2', 'a'.repeat(63)])('accepts %s', (text) => {
    expect(isDnsLabel(text)).toBe(true);
  });

  it.each(['', 'A', '-a', 'a-', 'a.b', 'a_b', 'a b', 'a\n', 'ä', 'a/b', 'a'.repeat(64)])(
    'refuses %j',
    (text) => {
      expect(isDnsLabel(text)).toBe(false);
    },
  );

  it('words a breach as the API server does', () => {
    expect(dnsLabelProblems('Demo')).toEqual([
      "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
    ]);
    expect(dnsLabelProblems('a'.repeat(64))).toEqual(['must be no more than 63 bytes']);
  });
});

describe('dnsSubdomainProblems', () => {
  it.each(['a', 'image.openshift.io', '0.1', `${'a'.repeat(62)}.`.repeat(4).slice(0, 251)])(
    'finds none in %s',
    (text) => {
      expect(dnsSubdomainProblems(text)).toEqual([]);
    },
  );

  it.each(['', '.', 'a.', '.a', 'a..b', 'A.b', 'a.-b', `${'a'.repeat(63)}.`.repeat(4)])(
    'finds one in %j',
    (text) => {
      expect(dnsSubdomainProblems(text)).not.toEqual([]);
    },
  );

  it('answers a megabyte that almost matches', () => {
    expect(dnsSubdomainProblems(`${'a-.'.repeat(300_000)}!`)).toHaveLength(2);
    expect(dnsSubdomainProblems(`${'a'.repeat(1_000_000)}!`)).toHaveLength(2);
  });
});
