import { describe, expect, it } from 'vitest';
import { findShortage } from './shortage.ts';

const store = { taken: 800, quota: 1000, lowWater: 0.9 };

describe('a shortage of room', () => {
  it('is none as long as the blob fits, to the last byte', () => {
    expect(findShortage(200, store)).toBeUndefined();
    expect(findShortage(0, { ...store, taken: 1000 })).toBeUndefined();
  });

  it('is what is beyond the quota, and down to the low water if that can be had', () => {
    expect(findShortage(201, store)).toEqual({ needed: 1, wanted: 101 });
  });

  it('wants room although the blob alone is above the low water', () => {
    expect(findShortage(1000, { ...store, taken: 500 })).toEqual({ needed: 500, wanted: 600 });
  });

  it('is all that is too much when the quota was lowered', () => {
    expect(findShortage(0, { ...store, taken: 3000 })).toEqual({ needed: 2000, wanted: 2100 });
  });

  it('wants no more than it needs without a low water', () => {
    expect(findShortage(300, { ...store, lowWater: 1 })).toEqual({ needed: 100, wanted: 100 });
  });
});
