import { describe, expect, it } from 'vitest';
import { MinimumPace } from './minimum-pace.ts';

/** At least 100 bytes in each 10 ms. */
function paceAt() {
  const clock = { now: 0 };
  return { clock, pace: new MinimumPace({ window: 10, bytes: 100 }, () => clock.now) };
}

describe('MinimumPace', () => {
  it('is kept as long as each window brings enough', () => {
    const { clock, pace } = paceAt();
    for (clock.now = 0; clock.now < 100; clock.now += 5) expect(pace.keeps(50)).toBe(true);
  });

  it('is lost in a window that brings less, whatever came before', () => {
    const { clock, pace } = paceAt();
    expect(pace.keeps(1_000_000)).toBe(true);
    clock.now = 10;
    expect(pace.keeps(1)).toBe(true);
    clock.now = 19;
    expect(pace.keeps(1)).toBe(true);
    clock.now = 20;
    expect(pace.keeps(1)).toBe(false);
  });

  it('does not count the time in which nobody took anything', () => {
    const { clock, pace } = paceAt();
    pace.hold();
    pace.hold();
    clock.now = 500;
    pace.release();
    clock.now = 1_000;
    pace.release();
    clock.now = 1_009;
    expect(pace.keeps(1)).toBe(true);
    clock.now = 1_010;
    expect(pace.keeps(1)).toBe(false);
  });
});
