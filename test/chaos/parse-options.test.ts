import { expect, it } from 'vitest';
import { parseOptions, USAGE } from './parse-options.ts';

it('takes seed, length and where to write', () => {
  expect(parseOptions(['--seed', '7', '--minutes', '0.5', '--json', 'x.json'])).toEqual({
    seed: 7,
    minutes: 0.5,
    json: 'x.json',
    asJson: false,
    logs: undefined,
  });
});

it('draws a seed when there is none, and takes two minutes', () => {
  expect(parseOptions(['-o', 'json'])).toMatchObject({
    seed: expect.any(Number),
    minutes: 2,
    asJson: true,
  });
});

it.each([
  [['--seed', 'x'], '--seed takes a whole number'],
  [['--seed', '-1'], '--seed'],
  [['--minutes', '0'], '--minutes takes a number above 0'],
  [['--minutes', '61'], 'at most 60'],
  [['-o', 'yaml'], '-o takes text or json'],
  [['--frobnicate'], 'frobnicate'],
])('says what is wrong with %j', (args, words) => {
  expect(parseOptions(args)).toEqual({ wrong: expect.stringContaining(words) });
});

it('has help with an example', () => {
  expect(parseOptions(['--help'])).toBe('help');
  expect(USAGE).toContain('example: pnpm chaos --seed 7');
});
