import { describe, expect, it } from 'vitest';
import { FreshValue } from '../fresh-value.ts';
import { aBeat, IDLE_REPORT, OVERVIEW_TIME } from '../testing/an-overview.ts';
import { OverviewReader } from './overview-reader.ts';

function openReader() {
  const clock = { now: OVERVIEW_TIME };
  const now = () => clock.now;
  const state = { listed: 0, failing: false, tells: true };
  const reader = new OverviewReader({
    report: new FreshValue({ read: async () => IDLE_REPORT, freshness: 1_000, now }),
    heartbeats: {
      async list() {
        state.listed += 1;
        if (state.failing) throw new Error('connection refused');
        return [aBeat()];
      },
    },
    checks: { outcomes: async () => ({ imported: 2, Timeout: 1 }) },
    memory: async () => {
      if (!state.tells) throw new Error("this user has no permissions to run 'info'");
      return { usedBytes: 5, maxBytes: 10 };
    },
    now,
  });
  return { reader, state, clock };
}

describe('OverviewReader', () => {
  it('reads once for all who ask in one second', async () => {
    const { reader, state, clock } = openReader();
    const [one, other] = await Promise.all([reader.get(), reader.get()]);
    clock.now += 999;
    await reader.get();
    expect(state.listed).toBe(1);
    clock.now += 1;
    await reader.get();
    expect(state.listed).toBe(2);
    expect(one).toEqual(other);
    expect(one).toMatchObject({
      outcomes: { imported: 2, Timeout: 1 },
      redis: { usedBytes: 5, maxBytes: 10 },
      services: [{ service: 'worker', missing: false }],
    });
  });

  it('shows the rest where the server does not tell how full it is', async () => {
    const { reader, state } = openReader();
    state.tells = false;
    expect((await reader.get()).redis).toBeUndefined();
  });

  it('tells who asks to come again while something does not answer, and why only in the log', async () => {
    const { reader, state } = openReader();
    state.failing = true;
    await expect(reader.get()).rejects.toMatchObject({
      cause: { message: 'connection refused' },
      status: {
        code: 503,
        message: 'Redis does not answer: the heartbeats or the counts of outcomes are away',
        details: { retryAfterSeconds: 2 },
      },
    });
  });
});
