import { describe, expect, it } from 'vitest';
import { createBackoff } from './backoff.ts';

describe('createBackoff', () => {
  it('doubles its bound up to the largest wait', () => {
    const backoff = createBackoff({ first: 100, max: 1000, random: () => 1 });
    expect(Array.from({ length: 6 }, () => backoff.next())).toEqual([
      100, 200, 400, 800, 1000, 1000,
    ]);
  });

  it('draws every wait from nothing up to the bound', () => {
    const draws = [0, 0.5, 0.25];
    const backoff = createBackoff({ first: 100, max: 1000, random: () => draws.shift() ?? 0 });
    expect([backoff.next(), backoff.next(), backoff.next()]).toEqual([0, 100, 100]);
  });

  it('begins anew after a success', () => {
    const backoff = createBackoff({ first: 100, max: 1000, random: () => 1 });
    backoff.next();
    backoff.next();
    backoff.reset();
    expect(backoff.next()).toBe(100);
  });

  it('never waits longer than the largest wait, even at first', () => {
    expect(createBackoff({ first: 500, max: 100, random: () => 1 }).next()).toBe(100);
  });
});
