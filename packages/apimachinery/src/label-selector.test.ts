import { describe, expect, it } from 'vitest';
import { matchesLabels } from './label-selector.ts';
import { parseLabelSelector } from './parse-label-selector.ts';

function selects(text: string, labels: Readonly<Record<string, string>> | undefined): boolean {
  const result = parseLabelSelector(text);
  if (!result.ok) throw new Error(`${text}: ${result.message}`);
  return matchesLabels(result.selector, labels);
}

const WEB = { app: 'web', 'acme.dev/tier': 'front', canary: '' };

describe('matchesLabels', () => {
  it.each([
    '',
    '  ',
    'app',
    'app=web',
    'app==web',
    ' app = web ',
    'app!=db',
    'missing!=db',
    '!missing',
    '! missing',
    'canary=',
    'canary',
    'app in (db,web)',
    'app in ( db , web )',
    'app in(web)',
    'app notin (db)',
    'missing notin (db)',
    'canary in (,x)',
    'acme.dev/tier=front,app=web,!missing',
    'app in (db,web),canary,acme.dev/tier!=back',
  ])('selects the object by %j', (text) => {
    expect(selects(text, WEB)).toBe(true);
  });

  it.each([
    'app=db',
    'app=Web',
    'app=',
    'app!=web',
    'missing',
    '!app',
    '!canary',
    'missing=',
    'missing in (a,b)',
    'app in (db)',
    'app notin (db,web)',
    'app=web,missing',
    'app=web,app=db',
  ])('passes the object over by %j', (text) => {
    expect(selects(text, WEB)).toBe(false);
  });

  it('treats an object without labels as one that lacks them all', () => {
    expect(selects('!app,app!=web', undefined)).toBe(true);
    expect(selects('app', undefined)).toBe(false);
  });

  it('does not find a label in what every object inherits', () => {
    expect(selects('constructor', {})).toBe(false);
    expect(selects('!toString', {})).toBe(true);
  });
});

describe('parseLabelSelector', () => {
  it('lets keys and values be the words of the grammar', () => {
    expect(selects('in in (notin)', { in: 'notin' })).toBe(true);
    expect(selects('notin=in', { notin: 'in' })).toBe(true);
    expect(selects('in', { in: '' })).toBe(true);
  });

  it.each([
    ',',
    'a,',
    ',a',
    'a,,b',
    '=a',
    '!',
    '!a=b',
    'a b',
    'a=b=c',
    'a=b c',
    'a===b',
    'a!b',
    'a in b',
    'a in (b',
    'a in b)',
    'a in (b) c',
    'a in ((b))',
    'a in ()',
    'a notin ( )',
    'a isnot (b)',
    'a IN (b)',
    'ain (b)',
    'a>1',
    'a<1',
    '(a)',
    'a\u0000',
    '-a=b',
    'a/b/c',
    'a=-b',
    'a in (b,c d)',
    `a=${'b'.repeat(64)}`,
  ])('refuses %j', (text) => {
    const result = parseLabelSelector(text);
    expect(result.ok).toBe(false);
    expect(result).toMatchObject({
      message: expect.stringMatching(/^unable to parse requirement: /),
    });
  });

  it('says what is wrong with a key, a value or a form', () => {
    expect(parseLabelSelector('a b')).toMatchObject({
      message: 'unable to parse requirement: can\'t understand "a b"',
    });
    expect(parseLabelSelector('/a=b')).toMatchObject({
      message: 'unable to parse requirement: Invalid value: "/a": prefix part must be non-empty',
    });
    expect(parseLabelSelector('a in ()')).toMatchObject({
      message:
        "unable to parse requirement: for 'in', 'notin' operators, values set can't be empty",
    });
  });

  it.each([
    ['white space', (length: number) => `a${' '.repeat(length)}=${' '.repeat(length)}(`],
    ['commas', (length: number) => ','.repeat(length)],
    ['open sets', (length: number) => 'a in ('.repeat(length / 6)],
    ['letters', (length: number) => `${'a'.repeat(length)}(`],
  ])('refuses %s at its limit and beyond', (_, family) => {
    expect(parseLabelSelector(family(8000)).ok).toBe(false);
    expect(parseLabelSelector(family(1_000_000)).ok).toBe(false);
  });
});
