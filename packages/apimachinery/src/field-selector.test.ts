import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FieldSelector, matchesFields } from './field-selector.ts';
import { parseFieldSelector } from './parse-field-selector.ts';

function parseOrThrow(text: string): FieldSelector {
  const result = parseFieldSelector(text);
  if (!result.ok) throw new Error(result.message);
  return result.selector;
}

const FIELDS = { 'metadata.name': 'web', 'metadata.namespace': 'demo' };

describe('matchesFields', () => {
  it.each([
    '',
    ',',
    'metadata.name=web',
    'metadata.name==web',
    'metadata.name!=db',
    'metadata.name=web,metadata.namespace=demo',
    'metadata.name=web,',
    'spec.dockerImageRepository=',
    'spec.dockerImageRepository!=x',
  ])('selects the object by %j', (text) => {
    expect(matchesFields(parseOrThrow(text), FIELDS)).toBe(true);
  });

  it.each(['metadata.name=db', 'metadata.name!=web', 'metadata.name=web,metadata.namespace=x'])(
    'passes the object over by %j',
    (text) => {
      expect(matchesFields(parseOrThrow(text), FIELDS)).toBe(false);
    },
  );

  it('does not find a field in what every object inherits', () => {
    expect(matchesFields(parseOrThrow('constructor='), {})).toBe(true);
  });
});

describe('parseFieldSelector', () => {
  it('lists each field once, for the caller to check', () => {
    const selector = parseOrThrow('metadata.name!=a,metadata.name!=b,status.phase=x');
    expect(selector.fields).toEqual(['metadata.name', 'status.phase']);
  });

  it('reads back any value that was escaped', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (value, other) => {
        const escaped = value.replace(/[\\,=]/g, '\\$&');
        const selector = parseOrThrow(`f=${escaped},g!=x`);
        expect(matchesFields(selector, { f: value })).toBe(true);
        expect(matchesFields(selector, { f: other })).toBe(value === other);
      }),
    );
  });

  it.each(['metadata.name', 'a=b,c', 'a=b=c', 'a=b\\x', 'a=b\\', '!a', 'a!b', 'a\\=b'])(
    'refuses %j',
    (text) => {
      expect(parseFieldSelector(text).ok).toBe(false);
    },
  );

  it('names the term it stumbled over', () => {
    expect(parseFieldSelector('a=b,c')).toEqual({
      ok: false,
      message: "invalid selector: 'a=b,c'; can't understand 'c'",
    });
  });

  it.each([
    ['backslashes', (length: number) => '\\'.repeat(length + 1)],
    ['exclamation marks', (length: number) => '!'.repeat(length)],
    ['letters', (length: number) => 'a'.repeat(length)],
  ])('refuses %s at its limit and beyond', (_, family) => {
    expect(parseFieldSelector(family(16_000)).ok).toBe(false);
    expect(parseFieldSelector(family(1_000_000)).ok).toBe(false);
  });
});
