import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { locateJsonFault } from './locate-json-fault.ts';

describe('locateJsonFault', () => {
  it.each([
    ['{"a": }', 1, 7],
    ['{"a": 1,}', 1, 9],
    ['{"a": 1\n"b": 2}', 2, 1],
    ['[1, 2', 1, 6],
    ['', 1, 1],
    ['{"a": "unfinished}', 1, 7],
    ['{"a": 01}', 1, 8],
    ['{} {}', 1, 4],
    ['[}', 1, 2],
    ["{'a': 1}", 1, 2],
    ['kind: ImageStream', 1, 1],
  ])('names the first wrong place of %j', (text, line, column) => {
    expect(locateJsonFault(text)).toMatchObject({ line, column });
  });

  it('finds a fault exactly where the engine refuses the text', () => {
    const mutilated = fc
      .tuple(fc.json(), fc.nat(), fc.constantFrom('', '{', ']', ',', '"', ':', 'x', '\u0001'))
      .map(([text, at, piece]) => {
        const cut = at % (text.length + 1);
        return `${text.slice(0, cut)}${piece}${text.slice(cut + 1)}`;
      });
    void fc.assert(
      fc.property(mutilated, (text) => {
        expect(locateJsonFault(text) === undefined).toBe(isJson(text));
      }),
    );
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false; // the engine's refusal is the answer
  }
}
