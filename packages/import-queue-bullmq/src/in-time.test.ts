import { describe, expect, it } from 'vitest';
import { inTime } from './in-time.ts';

describe('inTime', () => {
  it('is true when the work was done', async () => {
    expect(await inTime(1_000, Promise.resolve('done'))).toBe(true);
  });

  it('is false when the work takes too long', async () => {
    expect(await inTime(1, new Promise(() => undefined))).toBe(false);
  });

  it('is false when the work fails', async () => {
    expect(await inTime(1_000, Promise.reject(new Error('no')))).toBe(false);
  });
});
