import { describe, expect, it } from 'vitest';
import { parseFuzzOptions } from './fuzz-options.ts';

const parse = (line: string) => parseFuzzOptions(line.split(' ').filter(Boolean), ['reference']);

describe('parseFuzzOptions', () => {
  it('takes all targets, ten thousand runs and a seed of its own', () => {
    const parsed = parse('');
    expect(parsed).toMatchObject({ options: { targets: [], runs: 10_000, growth: true } });
    expect(parse('')).not.toEqual(parsed);
  });

  it('reads what is asked for', () => {
    expect(parse('reference --runs 1000000 --seed 7 --json f.json --no-growth')).toEqual({
      kind: 'run',
      options: { targets: ['reference'], runs: 1e6, seed: 7, json: 'f.json', growth: false },
    });
    expect(parse('--help')).toEqual({ kind: 'help' });
  });

  it.each([
    ['nothing', 'there is no target nothing; targets: reference'],
    ['--runs many', '--runs takes a whole number'],
    ['--runs -1', /--runs/],
    ['--seed 4294967296', '--seed takes a whole number below 4294967296'],
    ['--speed 9', /Unknown option '--speed'/],
  ])('refuses %s', (line, problem) => {
    const parsed = parse(line);
    expect(parsed.kind === 'wrong' ? parsed.problem : '').toMatch(problem);
  });
});
