import { describe, expect, it } from 'vitest';
import { isQualifiedName, qualifiedNameProblems } from './qualified-name.ts';

const NAME_RULE =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

describe('isQualifiedName', () => {
  it.each([
    'a',
    '1',
    'app',
    'App_name.v1',
    'app.kubernetes.io/name',
    'tagtrail.dev/schedule',
    'openshift.io/image.dockerRepositoryCheck',
    `${'a'.repeat(253)}/${'b'.repeat(63)}`,
  ])('accepts %s', (text) => {
    expect(isQualifiedName(text)).toBe(true);
  });

  it.each([
    '',
    '/',
    'a/',
    '/a',
    'a/b/c',
    '-a',
    'a-',
    'a b',
    'a\n',
    'Upper.io/a',
    'a_b.io/a',
    'a:b',
    'größe',
    'a'.repeat(64),
    `${'a'.repeat(254)}/b`,
  ])('refuses %j', (text) => {
    expect(isQualifiedName(text)).toBe(false);
  });
});

describe('qualifiedNameProblems', () => {
  it('names the part that is wrong', () => {
    expect(qualifiedNameProblems('a b')).toEqual([`name part ${NAME_RULE}`]);
    expect(qualifiedNameProblems('/a')).toEqual(['prefix part must be non-empty']);
    expect(qualifiedNameProblems('')).toEqual([
      'name part must be non-empty',
      `name part ${NAME_RULE}`,
    ]);
    expect(qualifiedNameProblems('a'.repeat(64))).toEqual([
      'name part must be no more than 63 bytes',
    ]);
  });

  it('states the whole form when there is more than one slash', () => {
    expect(qualifiedNameProblems('a/b/c')).toEqual([
      `a qualified name ${NAME_RULE} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ]);
  });
});
