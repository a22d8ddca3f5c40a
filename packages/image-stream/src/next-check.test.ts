import { describe, expect, it } from 'vitest';
import type { ImportOutcome, TagOutcome } from './import-outcome.ts';
import { forgottenCheck, leavesRecordAlone, nextCheck } from './next-check.ts';
import { aCheck, D1, D2, SETTINGS, T0, T1 } from './testing/a-stream.ts';

const context = { now: T1, settings: SETTINGS };
const look = (outcome: ImportOutcome, fields: Partial<TagOutcome> = {}): TagOutcome => ({
  tag: 'latest',
  generation: 1,
  fence: 9,
  from: 'quay.io/acme/app',
  outcome,
  ...fields,
});
const unchanged = { kind: 'unchanged', upstreamDigest: D1, image: D1 } as const;
const failed = (fields = {}) =>
  ({ kind: 'failed', reason: 'Timeout', message: 'slow', retryable: true, ...fields }) as const;
const postponed = (until: number) => ({ kind: 'postponed', until, message: 'later' }) as const;
const known = aCheck({
  outcome: 'unchanged',
  lastChecked: T0,
  lastChanged: T0,
  upstreamDigest: D1,
  image: D1,
  fence: 8,
});

describe('nextCheck', () => {
  it('notes the look and keeps the time of the last move', () => {
    expect(nextCheck(known, look(unchanged), context)).toMatchObject({
      fence: 9,
      lastChecked: T1,
      lastChanged: T0,
      outcome: 'unchanged',
    });
  });

  it('takes an index that moved around the same child for a move', () => {
    const moved = look({ ...unchanged, upstreamDigest: D2 });
    expect(nextCheck(known, moved, context)).toMatchObject({ lastChanged: T1, upstreamDigest: D2 });
  });

  it('counts failures, keeps what is known, and forgets them at the first success', () => {
    const once = nextCheck(known, look(failed()), context);
    const twice = nextCheck(once, look(failed(), { fence: 10 }), context);
    expect(twice).toMatchObject({ attempts: 2, outcome: 'Timeout', message: 'slow', image: D1 });
    expect(nextCheck(twice, look(unchanged, { fence: 11 }), context)).toMatchObject({
      attempts: 0,
      message: '',
      outcome: 'unchanged',
    });
  });

  it('cuts a talkative message', () => {
    const state = nextCheck(known, look(failed({ message: 'x'.repeat(5_000) })), context);
    expect(state.message).toHaveLength(1024);
  });

  it('waits as long as the registry asks and a little longer, and uses up no attempt', () => {
    const refused = failed({ reason: 'TooManyRequests', retryAfter: 120_000 });
    const once = nextCheck(known, look(refused), context);
    const twice = nextCheck(once, look(refused, { fence: 10 }), context);
    for (const state of [once, twice]) {
      expect(state).toMatchObject({ attempts: 1, outcome: 'TooManyRequests', message: 'slow' });
      expect(state.nextDue).toBeGreaterThanOrEqual(T1 + 120_000);
      expect(state.nextDue).toBeLessThan(T1 + 180_000);
    }
    const failing = { ...known, attempts: 5, outcome: 'Timeout' } as const;
    expect(nextCheck(failing, look(refused), context).attempts).toBe(5);
  });

  it('knows of a tag that was put off no more than when it may be looked at', () => {
    const put = nextCheck(known, look(postponed(T1 + 30_000), { endFence: 12 }), context);
    const { nextDue, ...rest } = put;
    const { nextDue: _, ...before } = known;
    expect(rest).toEqual(before);
    expect(nextDue).toBeGreaterThanOrEqual(T1 + 30_000);
    const suspended = { ...known, suspended: true, nextDue: null };
    expect(nextCheck(suspended, look(postponed(T1 + 30_000)), context).nextDue).toBeNull();
  });

  it('leaves an imported tag without a schedule alone, and retries a failed one', () => {
    const unscheduled = { ...known, schedule: null };
    expect(nextCheck(unscheduled, look(unchanged), context).nextDue).toBeNull();
    expect(nextCheck(unscheduled, look(failed()), context).nextDue).toBeGreaterThan(T1);
  });

  it('leaves a tag alone that was suspended during the look', () => {
    const suspended = { ...known, suspended: true, nextDue: null };
    expect(nextCheck(suspended, look(failed()), context).nextDue).toBeNull();
  });
});

describe('leavesRecordAlone', () => {
  it('is true for a newer look that found what is known', () => {
    expect(leavesRecordAlone(known, look(unchanged))).toBe(true);
  });

  it.each([
    ['an older look', known, look(unchanged, { fence: 8 })],
    ['a look at another definition', known, look(unchanged, { generation: 2 })],
    ['a look made before an edit', { ...known, generation: 3 }, look(unchanged)],
    ['a recovery, which clears the condition', { ...known, attempts: 1 }, look(unchanged)],
    ['a tag that was edited', { ...known, outcome: 'never' as const }, look(unchanged)],
    ['another digest', { ...known, upstreamDigest: D2 }, look(unchanged)],
    ['another image', { ...known, image: D2 }, look(unchanged)],
    ['a failure', known, look(failed())],
  ])('is false for %s', (_, state, accepted) => {
    expect(leavesRecordAlone(state, accepted)).toBe(false);
  });
});

describe('forgottenCheck', () => {
  it('knows nothing any more, outdates the look and waits like after a failure', () => {
    const first = forgottenCheck(known, look(unchanged), context);
    expect(first).toMatchObject({ upstreamDigest: null, image: null, fence: 9, attempts: 1 });
    const second = forgottenCheck(first, look(unchanged, { fence: 10 }), context);
    const waits = [first, second].map(({ nextDue }) => (nextDue ?? 0) - T1);
    expect(waits[0]).toBeGreaterThanOrEqual(SETTINGS.retryBase / 2);
    expect(waits[1]).toBeGreaterThanOrEqual(SETTINGS.retryBase);
  });

  it('waits also for a tag that never had an outcome, and not at all while suspended', () => {
    expect(forgottenCheck(aCheck(), look(unchanged), context).nextDue).toBeGreaterThan(T1);
    const suspended = aCheck({ suspended: true, nextDue: null });
    expect(forgottenCheck(suspended, look(unchanged), context).nextDue).toBeNull();
  });
});
