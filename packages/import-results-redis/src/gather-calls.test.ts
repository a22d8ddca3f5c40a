import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { gatherCalls } from './gather-calls.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('gatherCalls', () => {
  it('runs what comes within its time together and answers each its own', async () => {
    const runs: (readonly number[])[] = [];
    const double = gatherCalls(
      async (wanted: readonly number[]) => {
        runs.push(wanted);
        return wanted.map((one) => one * 2);
      },
      { wait: 10, count: 100 },
    );
    const first = double(1);
    await vi.advanceTimersByTimeAsync(9);
    const second = double(2);
    await vi.advanceTimersByTimeAsync(1);
    expect(await Promise.all([first, second])).toEqual([2, 4]);
    const third = double(3);
    await vi.advanceTimersByTimeAsync(10);
    expect(await third).toBe(6);
    expect(runs).toEqual([[1, 2], [3]]);
  });

  it('does not wait when a batch is full, and does not run an empty one', async () => {
    const runs: (readonly number[])[] = [];
    const call = gatherCalls(
      async (wanted: readonly number[]) => {
        runs.push(wanted);
        return wanted;
      },
      { wait: 10, count: 2 },
    );
    expect(await Promise.all([call(1), call(2)])).toEqual([1, 2]);
    await vi.advanceTimersByTimeAsync(100);
    const late = call(3);
    await vi.advanceTimersByTimeAsync(10);
    await late;
    expect(runs).toEqual([[1, 2], [3]]);
  });

  it('rejects the calls of the batch that failed, and no others', async () => {
    const call = gatherCalls(
      async (wanted: readonly string[]) => {
        if (wanted.includes('bad')) throw new Error('refused');
        return wanted;
      },
      { wait: 0, count: 100 },
    );
    const bad = Promise.allSettled([call('bad'), call('beside it')]);
    await vi.advanceTimersByTimeAsync(1);
    expect((await bad).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    const good = call('good');
    await vi.advanceTimersByTimeAsync(1);
    expect(await good).toBe('good');
  });
});
