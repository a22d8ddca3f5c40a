import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareResourceVersions, parseResourceVersion } from './resource-version.ts';

const version = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });

describe('parseResourceVersion', () => {
  it('accepts every unsigned 64-bit number as it is written', () => {
    fc.assert(
      fc.property(version, (number) => {
        const text = String(number);
        expect(parseResourceVersion(text)).toEqual({ ok: true, resourceVersion: text });
      }),
    );
  });

  it.each([
    '',
    'abc',
    '-1',
    '+1',
    '1.0',
    '1e3',
    '007',
    ' 1',
    '1\n',
    '0x1',
    '18446744073709551616',
    '9'.repeat(21),
    '१',
  ])('refuses %j', (text) => {
    expect(parseResourceVersion(text)).toEqual({
      ok: false,
      message: `invalid resource version ${JSON.stringify(text)}`,
    });
  });
});

describe('compareResourceVersions', () => {
  it('orders as the numbers do, also beyond what a number holds exactly', () => {
    fc.assert(
      fc.property(version, version, (a, b) => {
        const order = a < b ? -1 : Number(a > b);
        expect(Math.sign(compareResourceVersions(String(a), String(b)))).toBe(order);
      }),
    );
    expect(compareResourceVersions('9007199254740993', '9007199254740992')).toBeGreaterThan(0);
  });
});
