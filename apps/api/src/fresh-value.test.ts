import { describe, expect, it } from 'vitest';
import { FreshValue } from './fresh-value.ts';

describe('FreshValue', () => {
  function counted(readings: readonly (() => Promise<number>)[]) {
    let now = 0;
    let reads = 0;
    const read = () => readings[reads++]?.() ?? Promise.resolve(reads);
    const value = new FreshValue({ read, freshness: 1_000, now: () => now });
    const pass = (ms: number) => {
      now += ms;
    };
    return { value, pass };
  }

  it('reads once for all who ask within its freshness', async () => {
    const { value, pass } = counted([]);
    expect(await Promise.all([value.get(), value.get()])).toEqual([1, 1]);
    pass(999);
    expect(await value.get()).toBe(1);
    pass(1);
    expect(await value.get()).toBe(2);
  });

  it('does not keep a failure', async () => {
    const { value } = counted([() => Promise.reject(new Error('down'))]);
    await expect(value.get()).rejects.toThrow('down');
    expect(await value.get()).toBe(2);
  });
});
