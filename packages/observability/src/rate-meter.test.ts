import { describe, expect, it } from 'vitest';
import { createRateMeter } from './rate-meter.ts';

function meterAt(start: number) {
  const clock = { now: start };
  return { clock, meter: createRateMeter(() => clock.now) };
}

describe('createRateMeter', () => {
  it('is 0 before anything happened', () => {
    expect(meterAt(5_000).meter.perSecond()).toBe(0);
  });

  it('tells a steady rate, however long it goes on and wherever in a second it is read', () => {
    const { clock, meter } = meterAt(123);
    for (let tick = 0; tick < 600; tick += 1) {
      meter.mark(3);
      clock.now += 100;
    }
    for (let part = 0; part < 10; part += 1) {
      expect(meter.perSecond()).toBeCloseTo(30, 5);
      meter.mark(3);
      clock.now += 100;
    }
  });

  it('tells it from its first seconds on, without spreading it over a window that was not yet', () => {
    const { clock, meter } = meterAt(0);
    meter.mark(50);
    clock.now = 2_000;
    expect(meter.perSecond()).toBe(25);
  });

  it('does not make a burst of the first instants', () => {
    const { clock, meter } = meterAt(0);
    meter.mark();
    clock.now = 1;
    expect(meter.perSecond()).toBe(1);
  });

  it('forgets what is older than ten seconds, also when nothing was marked since', () => {
    const { clock, meter } = meterAt(0);
    meter.mark(1_000);
    clock.now = 10_500;
    expect(meter.perSecond()).toBeGreaterThan(90);
    clock.now = 11_000;
    expect(meter.perSecond()).toBe(0);
    clock.now = 22_000;
    meter.mark(10);
    expect(meter.perSecond()).toBe(1);
  });
});
