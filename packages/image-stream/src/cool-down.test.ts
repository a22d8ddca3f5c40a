import { describe, expect, it } from 'vitest';
import { type CoolDown, coolDownAfter } from './cool-down.ts';
import { T0 } from './testing/a-stream.ts';

const reason = 'it answered 429 Too Many Requests';
const HOUR = 3_600_000;

/** Asks again and again without a word, each time when the last cool-down has just ended. */
function unsaid(times: number): readonly number[] {
  const lengths: number[] = [];
  let known: CoolDown | undefined;
  let now = T0;
  for (let time = 0; time < times; time += 1) {
    known = coolDownAfter(known, { reason }, now);
    lengths.push((known.until - now) / 1_000);
    now = known.until;
  }
  return lengths;
}

describe('coolDownAfter', () => {
  it('lasts as long as the registry says, from a second to an hour', () => {
    const lasts = (retryAfter: number) =>
      coolDownAfter(undefined, { reason, retryAfter }, T0).until - T0;
    expect([0, 500, 2_000, 600_000, 1e15].map(lasts)).toEqual([1_000, 1_000, 2_000, 600_000, HOUR]);
  });

  it('doubles from 30 s to 10 min when the registry does not say', () => {
    expect(unsaid(7)).toEqual([30, 60, 120, 240, 480, 600, 600]);
  });

  it('forgets those after an hour of quiet', () => {
    const first = coolDownAfter(undefined, { reason }, T0);
    const soon = coolDownAfter(first, { reason }, first.until + HOUR - 1);
    expect(soon.strikes).toBe(2);
    const late = coolDownAfter(first, { reason }, first.until + HOUR);
    expect(late).toEqual({ until: first.until + HOUR + 30_000, reason, strikes: 1 });
  });

  it('takes a refusal of what was on its way for the same one', () => {
    const first = coolDownAfter(undefined, { reason }, T0);
    const again = coolDownAfter(first, { reason }, T0 + 10);
    expect(again).toEqual({ ...first, until: T0 + 10 + 30_000 });
    expect(again.strikes).toBe(1);
  });

  it('is never shortened', () => {
    const long = coolDownAfter(undefined, { reason, retryAfter: 600_000 }, T0);
    expect(coolDownAfter(long, { reason, retryAfter: 2_000 }, T0 + 1)).toBe(long);
    expect(coolDownAfter(long, { reason }, T0 + 1)).toBe(long);
    expect(coolDownAfter(long, { reason, retryAfter: 900_000 }, T0 + 1).until).toBe(T0 + 900_001);
  });

  it('keeps the beginning of a long reason', () => {
    expect(coolDownAfter(undefined, { reason: 'x'.repeat(999) }, T0).reason).toHaveLength(256);
  });
});
