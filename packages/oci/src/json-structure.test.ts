import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findStructureProblem } from './json-structure.ts';
import { JSON_DEPTH_LIMIT } from './limits.ts';

function nested(depth: number): string {
  return `${'['.repeat(depth)}${']'.repeat(depth)}`;
}

describe('findStructureProblem', () => {
  it('finds none in anything that was written from a value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(undefined, 2), (value, indent) => {
        expect(findStructureProblem(JSON.stringify(value, undefined, indent))).toBeUndefined();
      }),
    );
  });

  it('counts open brackets, not brackets', () => {
    expect(findStructureProblem(nested(JSON_DEPTH_LIMIT))).toBeUndefined();
    expect(findStructureProblem(nested(JSON_DEPTH_LIMIT + 1))).toBe('is nested too deeply');
    expect(findStructureProblem(`[${'[],'.repeat(100_000)}[]]`)).toBeUndefined();
  });

  it.each([
    ['brackets', `["${'['.repeat(1000)}"]`],
    ['an escaped quote before brackets', `["\\"${'['.repeat(1000)}"]`],
    ['an escaped backslash at its end', `{"a":"\\\\","b":"${'{'.repeat(1000)}"}`],
    ['colons and what looks like a key', '{"a":"\\"a\\":1","b":"a:a:"}'],
  ])('is not misled by a string with %s', (_, text) => {
    expect(findStructureProblem(text)).toBeUndefined();
  });

  it('finds a repeated key wherever it is', () => {
    fc.assert(
      fc.property(fc.string(), fc.jsonValue({ maxDepth: 3 }), fc.jsonValue(), (key, a, b) => {
        const name = JSON.stringify(key);
        const object = `{${name}:${JSON.stringify(a)}, ${name} :${JSON.stringify(b)}}`;
        expect(findStructureProblem(object)).toMatch(/^gives the key ".* twice in one object$/s);
        expect(findStructureProblem(`{"x":[[],${object}]}`)).toMatch(/^gives the key /);
      }),
    );
  });

  it('knows a key by any of its spellings', () => {
    expect(findStructureProblem('{"a/b":1,"a\\/b":2}')).toBeDefined();
    expect(findStructureProblem('{"a":1,"\\u0061":2}')).toBeDefined();
    expect(findStructureProblem('{"a":1,"\\u0062":2}')).toBeUndefined();
  });

  it('allows one key in several objects', () => {
    expect(findStructureProblem('{"a":{"a":[{"a":1},{"a":2}]},"b":{"a":1}}')).toBeUndefined();
  });

  it('shows only the beginning of a long key', () => {
    const key = `"${'k'.repeat(1_000_000)}"`;
    expect(findStructureProblem(`{${key}:1,${key}:2}`)?.length).toBeLessThan(200);
  });

  it.each([
    ['an open string of escaped quotes', `["${'\\"'.repeat(1_000_000)}`],
    ['a lone backslash at the end', '{"a":"\\'],
    ['escapes that are none', '{"\\x":1,"\\u12":2}'],
    ['closing brackets', ']'.repeat(1_000_000)],
    ['colons', ':'.repeat(1_000_000)],
    ['quotes', '"'.repeat(1_000_001)],
  ])('leaves %s to the parser', (_, text) => {
    expect(findStructureProblem(text)).toBeUndefined();
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
  });
});
