import { describe, expect, it } from 'vitest';
import { CliError } from '../cli-error.ts';
import { type CapacityFlags, readCapacityWish } from './read-capacity-wish.ts';

const FLAGS: CapacityFlags = {
  tags: 100,
  interval: '15m',
  hosts: 2,
  movesPerDay: '2%',
  latency: '200ms',
};
const read = (changes: Partial<CapacityFlags>) => readCapacityWish({ ...FLAGS, ...changes });

/** What a person is told, with the hint below it. */
function refusal(changes: Partial<CapacityFlags>): string {
  try {
    read(changes);
  } catch (error) {
    if (error instanceof CliError) return `${error.code}: ${error.message}; ${error.hint}`;
  }
  return 'nothing';
}

describe('readCapacityWish', () => {
  it('reads durations and shares', () => {
    expect(read({})).toEqual({
      tags: 100,
      interval: 900_000,
      hosts: 2,
      movesPerDay: 0.02,
      latency: 200,
    });
    expect(read({ movesPerDay: '0.5' }).movesPerDay).toBe(0.5);
    expect(read({ movesPerDay: '300%' }).movesPerDay).toBe(3);
    expect(read({ imageBytes: 9_000 }).imageBytes).toBe(9_000);
  });

  it.each(['soon', '', '0s', '900ms', '366d', '-1m'])('refuses an interval of "%s"', (interval) => {
    expect(refusal({ interval })).toBe(
      `usage: --interval "${interval}" is not a duration from 1s to 365d; write it like 90s, 15m or 6h`,
    );
  });

  it.each(['quick', '0', '2m'])('refuses a latency of "%s"', (latency) => {
    expect(refusal({ latency })).toBe(
      `usage: --latency "${latency}" is not a duration from 1ms to 60s; write it like 200ms or 2s`,
    );
  });

  it.each(['many', '', '-2%', '1e3', '2 %', '.5', '100001%'])(
    'refuses moves of "%s"',
    (movesPerDay) => {
      expect(refusal({ movesPerDay })).toBe(
        `usage: --moves-per-day "${movesPerDay}" is not a share of the tags up to 100000%; write it like 2% or 0.02`,
      );
    },
  );
});
