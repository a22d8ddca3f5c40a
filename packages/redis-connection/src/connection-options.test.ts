import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RETRY_DELAY_LIMIT, reconnectDelay } from './connection-options.ts';

describe('reconnectDelay', () => {
  it('tries again quickly after the first loss', () => {
    expect(reconnectDelay(1)).toBeLessThanOrEqual(50);
  });

  it('stays between half the ceiling and the ceiling, for any number of attempts', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 31 }), (attempt) => {
        const ceiling = Math.min(50 * 2 ** (attempt - 1), RETRY_DELAY_LIMIT);
        const delay = reconnectDelay(attempt);
        expect(delay).toBeGreaterThanOrEqual(Math.floor(ceiling / 2));
        expect(delay).toBeLessThanOrEqual(ceiling);
      }),
    );
  });
});
