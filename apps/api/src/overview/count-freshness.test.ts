import { expect, it } from 'vitest';
import { countFreshness } from './count-freshness.ts';

const schedule = { stale: 0, blocked: 0 };

it('counts failing and new tags by their outcomes, stale and blocked ones by the schedule', () => {
  const outcomes = { unchanged: 90, imported: 10, never: 3, NotFound: 4, Timeout: 1 };
  expect(countFreshness(outcomes, { stale: 5, blocked: 20 })).toEqual({
    Fresh: 75,
    Stale: 5,
    Failing: 5,
    Blocked: 20,
    Never: 3,
  });
});

it('never counts less than no fresh tag, though a tag may count twice', () => {
  expect(countFreshness({ TooManyRequests: 7 }, { ...schedule, blocked: 7 })).toMatchObject({
    Fresh: 0,
    Failing: 7,
    Blocked: 7,
  });
  expect(countFreshness({}, schedule).Fresh).toBe(0);
});
