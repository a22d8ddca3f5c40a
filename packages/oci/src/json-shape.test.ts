import { describe, expect, it } from 'vitest';
import { isBoolean, isKeySet, isString } from './json-guards.ts';
import { JsonShape } from './json-shape.ts';

interface Step {
  readonly by: string;
  readonly comment?: string;
  readonly empty?: boolean;
}

const STEP = new JsonShape<Step>({ by: isString, comment: isString, empty: isBoolean }, ['by']);

function fits(text: string): boolean {
  return STEP.fits(JSON.parse(text));
}

describe('JsonShape', () => {
  it('fits an object that has what is required, and nothing that is unknown', () => {
    expect(fits('{"by":"RUN"}')).toBe(true);
    expect(fits('{"empty":false,"comment":"","by":""}')).toBe(true);
  });

  it.each([
    ['a required field is missing', '{"comment":"x"}'],
    ['a required field is null', '{"by":null}'],
    ['an optional field is null', '{"by":"RUN","comment":null}'],
    ['a field is of another type', '{"by":"RUN","empty":1}'],
    ['a field is unknown', '{"by":"RUN","extra":1}'],
    ['a field differs in case only', '{"by":"RUN","Comment":"x"}'],
    ['a field means something to JavaScript', '{"by":"RUN","__proto__":{}}'],
    ['a field is called like a method of every object', '{"by":"RUN","constructor":"x"}'],
  ])('does not fit when %s', (_, text) => {
    expect(fits(text)).toBe(false);
  });

  it('takes a set only with empty values for one', () => {
    expect(isKeySet({ '80/tcp': {} })).toBe(true);
    expect(isKeySet({ '80/tcp': { a: 1 } })).toBe(false);
    expect(isKeySet({ '80/tcp': [] })).toBe(false);
    expect(isKeySet(['80/tcp'])).toBe(false);
  });
});
