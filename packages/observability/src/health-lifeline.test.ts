import { describe, expect, it } from 'vitest';
import { createLifeline, LIFELINE_LIMIT } from './health-lifeline.ts';
import { createProgressWatch } from './progress-watch.ts';

const STALL = 60_000;

/** A process with work to do that nobody finishes, on a clock that the test sets. */
function openProcess() {
  const clock = { now: 0 };
  const now = () => clock.now;
  const progress = createProgressWatch({ now, stallAfter: STALL });
  progress.busy(1);
  const lifeline = createLifeline({ now, progress });
  /** Lets time pass with a sign of life each second. */
  const hold = (ms: number) => {
    for (const end = clock.now + ms; clock.now < end; clock.now += 1_000) lifeline.held();
  };
  return { clock, progress, lifeline, hold };
}

describe('createLifeline', () => {
  it('is not ready before Redis took a write, and lives', async () => {
    const { lifeline } = openProcess();
    expect(await lifeline.ready()).toEqual({ ok: false, reason: 'it has taken no write yet' });
    expect(await lifeline.live()).toEqual({ ok: true });
  });

  it('is ready while Redis takes writes, and for a moment longer', async () => {
    const { lifeline, clock } = openProcess();
    lifeline.held();
    clock.now = LIFELINE_LIMIT - 1;
    expect(await lifeline.ready()).toEqual({ ok: true });
    clock.now = LIFELINE_LIMIT;
    expect(await lifeline.ready()).toEqual({
      ok: false,
      reason: 'it has taken no write for 3 s',
    });
  });

  it('does not live when nothing is finished although Redis is there', async () => {
    const { lifeline, hold } = openProcess();
    hold(STALL - 1_000);
    expect(await lifeline.live()).toEqual({ ok: true });
    hold(2_000);
    expect(await lifeline.live()).toMatchObject({ ok: false });
  });

  it('lives without Redis, however long', async () => {
    const { lifeline, clock, hold } = openProcess();
    hold(STALL - 1_000);
    clock.now += 3_600_000;
    expect(await lifeline.live()).toEqual({ ok: true });
    expect(await lifeline.ready()).toMatchObject({ ok: false });
  });

  it('has the whole time again when Redis is back, and no more than that', async () => {
    const { lifeline, clock, hold } = openProcess();
    hold(STALL - 1_000);
    clock.now += 3_600_000;
    hold(STALL - 1_000);
    expect(await lifeline.live()).toEqual({ ok: true });
    hold(2_000);
    expect(await lifeline.live()).toMatchObject({ ok: false });
  });

  it('is not excused by a single write that came late', async () => {
    const { lifeline, clock, hold } = openProcess();
    hold(STALL - 2_000);
    clock.now += LIFELINE_LIMIT - 1_001;
    lifeline.held();
    clock.now += 1_000;
    expect(await lifeline.live()).toMatchObject({ ok: false });
  });
});
