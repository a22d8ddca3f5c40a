import { describe, expect, it } from 'vitest';
import { createSlidingQuantiles } from './sliding-quantiles.ts';

function open() {
  const clock = { now: 1_000_000 };
  return { clock, quantiles: createSlidingQuantiles(() => clock.now) };
}

describe('createSlidingQuantiles', () => {
  it('has nothing to tell before the first observation', () => {
    expect(open().quantiles.read([0.5])).toBeUndefined();
  });

  it('is at most 2 % off, from a millisecond to hours', () => {
    for (const scale of [1, 17, 3_000, 600_000]) {
      const { quantiles } = open();
      for (let value = 1; value <= 100; value += 1) quantiles.observe(value * scale);
      const { count, values } = quantiles.read([0.5, 0.9, 0.99]) ?? { count: 0, values: [] };
      expect(count).toBe(100);
      const wanted = [50, 90, 99].map((value) => value * scale);
      for (const [at, value] of values.entries()) {
        expect(Math.abs(value / (wanted[at] ?? 0) - 1)).toBeLessThanOrEqual(0.02);
      }
    }
  });

  it('takes what is below one for nothing, and what is beyond a day for a day', () => {
    const { quantiles } = open();
    quantiles.observe(0);
    quantiles.observe(0.4);
    expect(quantiles.read([0.5, 1])?.values).toEqual([0, 0]);
    quantiles.observe(Number.MAX_VALUE);
    expect(quantiles.read([1])?.values[0]).toBeGreaterThan(80_000_000);
    expect(quantiles.read([1])?.values[0]).toBeLessThan(90_000_000);
  });

  it('forgets after five minutes, slot by slot', () => {
    const { clock, quantiles } = open();
    quantiles.observe(10);
    clock.now += 200_000;
    quantiles.observe(20);
    clock.now += 99_000;
    expect(quantiles.read([0])?.count).toBe(2);
    clock.now += 1_000;
    expect(quantiles.read([0])?.count).toBe(1);
    clock.now += 200_000;
    expect(quantiles.read([0])).toBeUndefined();
    quantiles.observe(30);
    expect(quantiles.read([1])?.count).toBe(1);
  });
});
