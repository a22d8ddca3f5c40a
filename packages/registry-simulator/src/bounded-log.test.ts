import { describe, expect, it } from 'vitest';
import { BoundedLog } from './bounded-log.ts';

const never = new AbortController().signal;

function logOf(limit: number, count: number): BoundedLog<number> {
  const log = new BoundedLog<number>(limit);
  for (let n = 0; n < count; n += 1) log.append(n);
  return log;
}

describe('BoundedLog', () => {
  it('remembers the newest records up to its limit, at every moment', () => {
    for (let count = 0; count < 50; count += 1) {
      const expected = [...Array(count).keys()].slice(-10);
      expect(logOf(10, count).records).toEqual(expected);
    }
  });

  it('lets a reader resume where a page ended', () => {
    const log = logOf(10, 5);
    expect(log.since(0, 3)).toEqual({ records: [0, 1, 2], next: 3, dropped: 0 });
    expect(log.since(3, 3)).toEqual({ records: [3, 4], next: 5, dropped: 0 });
    expect(log.since(5, 3)).toEqual({ records: [], next: 5, dropped: 0 });
  });

  it('tells a slow reader how much it missed', () => {
    expect(logOf(10, 25).since(3, 2)).toEqual({ records: [15, 16], next: 17, dropped: 12 });
  });

  it('brings a reader from the future back to the end', () => {
    expect(logOf(10, 5).since(99, 3)).toEqual({ records: [], next: 5, dropped: 0 });
  });

  it('goes on counting after it was cleared', () => {
    const log = logOf(10, 5);
    log.clear();
    log.append(5);
    expect(log.records).toEqual([5]);
    expect(log.since(4, 9)).toEqual({ records: [5], next: 6, dropped: 1 });
  });

  it('finds a record that is already there', async () => {
    await expect(logOf(10, 5).find((n) => n === 3, never)).resolves.toBe(3);
  });

  it('waits for a record that is still to come', async () => {
    const log = logOf(10, 5);
    const found = log.find((n) => n > 6, never);
    for (const n of [5, 6, 7, 8]) log.append(n);
    await expect(found).resolves.toBe(7);
  });

  it('stops waiting when aborted', async () => {
    const stop = new AbortController();
    const found = logOf(10, 5).find((n) => n > 6, stop.signal);
    stop.abort(new Error('enough'));
    await expect(found).rejects.toThrow('enough');
    await expect(logOf(10, 5).find((n) => n > 6, stop.signal)).rejects.toThrow('enough');
  });
});
