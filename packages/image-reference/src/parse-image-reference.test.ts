import { describe, expect, it } from 'vitest';
import { type ParsedImageReference, parseImageReference } from './parse-image-reference.ts';

const D256 = `sha256:${'1'.repeat(64)}` as const;
const D512 = `sha512:${'2'.repeat(128)}` as const;

function parsed(text: string): unknown {
  const result: ParsedImageReference = parseImageReference(text);
  return result.ok ? result.reference : result.message;
}

describe('parseImageReference', () => {
  it.each([
    ['redis', { repository: 'redis' }],
    ['redis:7', { repository: 'redis', tag: '7' }],
    ['library/redis', { repository: 'library/redis' }],
    ['openshift/ruby-20-centos7', { repository: 'openshift/ruby-20-centos7' }],
    [`redis@${D256}`, { repository: 'redis', digest: D256 }],
    [`redis:7@${D512}`, { repository: 'redis', tag: '7', digest: D512 }],
    ['docker.io/redis', { registry: 'docker.io', repository: 'redis' }],
    ['quay.io/acme/app:latest', { registry: 'quay.io', repository: 'acme/app', tag: 'latest' }],
    ['quay.io/a/b/c/d', { registry: 'quay.io', repository: 'a/b/c/d' }],
    ['localhost/app', { registry: 'localhost', repository: 'app' }],
    ['localhost:5000/app:1', { registry: 'localhost:5000', repository: 'app', tag: '1' }],
    ['registry:5000/app', { registry: 'registry:5000', repository: 'app' }],
    [
      '172.30.94.234:5000/demo-project/my-ruby',
      { registry: '172.30.94.234:5000', repository: 'demo-project/my-ruby' },
    ],
    ['[::1]:5000/app:1', { registry: '[::1]:5000', repository: 'app', tag: '1' }],
    [`[2001:db8::2]/a/b@${D256}`, { registry: '[2001:db8::2]', repository: 'a/b', digest: D256 }],
    ['app:UPPER_case.1', { repository: 'app', tag: 'UPPER_case.1' }],
  ])('reads %s', (text, reference) => {
    expect(parsed(text)).toEqual(reference);
  });

  it.each([
    ['a name without a slash is a repository, even one that looks like a host', 'example.com'],
    ['localhost alone is a repository', 'localhost'],
    ['a first component without dot, colon or capital is part of the repository', 'foo/bar/baz'],
  ])('%s', (_, text) => {
    expect(parsed(text)).toEqual({ repository: text });
  });

  it('takes the digits after a host without a slash for a tag', () => {
    expect(parsed('registry:5000')).toEqual({ repository: 'registry', tag: '5000' });
  });

  it('takes a capitalised first component for a registry, as docker does', () => {
    expect(parsed('Registry/app')).toEqual({ registry: 'Registry', repository: 'app' });
  });

  it.each([
    'test///un/parse/able/image',
    'abc@badid',
    'abc@sha256:',
    `abc@sha256:${'1'.repeat(63)}`,
    `abc@sha256:${'A'.repeat(64)}`,
    `abc@md5:${'1'.repeat(32)}`,
    `abc@${D256}@${D256}`,
    `@${D256}`,
    ':tag',
    '/app',
    'app/',
    'app:',
    'app@',
    'app:a:b',
    'app:-tag',
    `app:${'t'.repeat(129)}`,
    ' app',
    'app\n',
    'app name',
    'a..b',
    'https://quay.io/app',
    'quay.io//app',
    'quay.io:/app',
    'quay.io:99999/app',
    '-quay.io/app',
    '[::1/app',
    '[::1]',
    '::1/app',
    '2130706433:80/app',
    '0x7f.1/app',
    'user@quay.io/app',
    'quay.io/app/../../v2',
    'quay.io/app?x=1',
    'quay.io/app#x',
    'quay.io/äpp',
  ])('answers "invalid reference format" to %j', (text) => {
    expect(parsed(text)).toBe('invalid reference format');
  });

  it.each(['Uppercase', 'Uppercase:tag', 'quay.io/Acme/app', 'library/Redis'])(
    'tells that %s must be lowercase',
    (text) => {
      expect(parsed(text)).toBe('repository name must be lowercase');
    },
  );

  it('tells an empty text from a malformed one', () => {
    expect(parsed('')).toBe('repository name must have at least one component');
  });

  it('refuses what would read as an image id, but only when nothing surrounds it', () => {
    const id = 'f'.repeat(64);
    expect(parsed(id)).toBe(
      `invalid repository name (${id}), cannot specify 64-byte hexadecimal strings`,
    );
    expect(parsed(`${id}:1`)).toEqual({ repository: id, tag: '1' });
    expect(parsed(`acme/${id}`)).toEqual({ repository: `acme/${id}` });
  });

  it('allows 255 characters of repository, not counting the registry', () => {
    const longest = `${'a'.repeat(127)}/${'b'.repeat(127)}`;
    expect(parsed(`quay.io/${longest}`)).toEqual({ registry: 'quay.io', repository: longest });
    expect(parsed(`quay.io/${longest}b`)).toBe(
      'repository name must not be more than 255 characters',
    );
  });

  it('reads a reference with every part at its limit', () => {
    const label = `${'h'.repeat(61)}.`;
    const registry = `${label.repeat(4)}hhhhh:65535`;
    const repository = 'r'.repeat(255);
    const tag = 't'.repeat(128);
    expect(parsed(`${registry}/${repository}:${tag}@${D512}`)).toEqual({
      registry,
      repository,
      tag,
      digest: D512,
    });
  });
});

/** Families on which a backtracking pattern would blow up; each ends in what spoils the match. */
const hostileFamilies: readonly (readonly [string, (length: number) => string])[] = [
  ['hyphens before a bad end', (length) => `a${'-'.repeat(length)}!`],
  ['dots between letters', (length) => `${'a.'.repeat(length / 2)}!`],
  ['slashes between letters', (length) => `${'a/'.repeat(length / 2)}!`],
  ['underscores', (length) => `a${'_'.repeat(length)}`],
  ['a long run of letters', (length) => `${'a'.repeat(length)}!`],
  ['a registry of many labels', (length) => `${'A.'.repeat(length / 2)}/!`],
  ['an algorithm of many parts', (length) => `a@${'a-'.repeat(length / 2)}!`],
  ['colons', (length) => `a${':'.repeat(length)}`],
  ['at signs', (length) => '@'.repeat(length)],
  ['brackets', (length) => '['.repeat(length)],
];

describe('parseImageReference on hostile text', () => {
  it.each(hostileFamilies)('refuses %s, below the cap and beyond it', (_, family) => {
    expect(parseImageReference(family(1000)).ok).toBe(false);
    expect(parseImageReference(family(1_000_000)).ok).toBe(false);
  });

  it('refuses any text beyond 1 KiB before looking at it, with nothing of it in the message', () => {
    expect(parsed('A'.repeat(1025))).toBe('invalid reference format');
  });
});
