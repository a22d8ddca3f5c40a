import { describe, expect, it } from 'vitest';
import { createProgressWatch } from './progress-watch.ts';

function openWatch() {
  const clock = { now: 0 };
  return { clock, watch: createProgressWatch({ now: () => clock.now, stallAfter: 60_000 }) };
}

describe('createProgressWatch', () => {
  it('is well when idle, however long', async () => {
    const { clock, watch } = openWatch();
    clock.now = 3_600_000;
    expect(await watch.check()).toEqual({ ok: true });
  });

  it('is not well when work waited and nothing was finished for too long', async () => {
    const { clock, watch } = openWatch();
    watch.busy(3);
    clock.now = 59_999;
    expect(await watch.check()).toEqual({ ok: true });
    clock.now = 61_000;
    expect(await watch.check()).toEqual({
      ok: false,
      reason: 'nothing finished for 61 s, 3 waiting',
    });
  });

  it('is well again with the next thing that is finished', async () => {
    const { clock, watch } = openWatch();
    watch.busy(3);
    clock.now = 61_000;
    watch.progressed();
    expect(await watch.check()).toEqual({ ok: true });
  });

  it('counts from when work came, not from when it idled', async () => {
    const { clock, watch } = openWatch();
    clock.now = 3_600_000;
    watch.busy(1);
    clock.now += 59_000;
    expect(await watch.check()).toEqual({ ok: true });
  });

  it('is not fooled by more and more work that nobody finishes', async () => {
    const { clock, watch } = openWatch();
    for (const count of [1, 2, 3, 4]) {
      watch.busy(count);
      clock.now += 20_000;
    }
    expect(await watch.check()).toMatchObject({ ok: false });
  });

  it('does not count the time for which it is excused', async () => {
    const { clock, watch } = openWatch();
    watch.busy(3);
    clock.now = 61_000;
    watch.excused();
    clock.now += 59_999;
    expect(await watch.check()).toEqual({ ok: true });
    clock.now += 1;
    expect(await watch.check()).toMatchObject({ ok: false });
  });

  it('can be asked about a shorter time', async () => {
    const { clock, watch } = openWatch();
    const ready = watch.within(5_000);
    watch.busy(1);
    clock.now = 5_000;
    expect(await ready()).toEqual({ ok: false, reason: 'nothing finished for 5 s, 1 waiting' });
    expect(await watch.check()).toEqual({ ok: true });
    watch.progressed();
    expect(await ready()).toEqual({ ok: true });
  });
});
