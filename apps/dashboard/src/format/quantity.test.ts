import { describe, expect, it } from 'vitest';
import { formatBytes, formatCount, formatRate, formatShare } from './quantity.ts';

describe('quantities', () => {
  it('are written for people', () => {
    expect([formatCount(0), formatCount(1_234_567)]).toEqual(['0', '1,234,567']);
    expect([0, 0.44, 99.96, 1_250.5].map(formatRate)).toEqual(['0', '0.4', '100', '1,251']);
    expect([512, 85_400_000, 1_234_000_000].map(formatBytes)).toEqual(['1 kB', '85 MB', '1.2 GB']);
  });

  it('show no share as nothing or all that is neither', () => {
    expect([0, 0.001, 0.5, 0.999, 1].map(formatShare)).toEqual([
      '0%',
      '<1%',
      '50%',
      '>99%',
      '100%',
    ]);
  });
});
