import { expect, it } from 'vitest';
import { describeFreshness, describeWorst } from './describe-freshness.ts';
import type { Freshness } from './freshness.ts';
import { T0 } from './testing/a-stream.ts';

it.each<[Freshness, string]>([
  [{ state: 'Fresh' }, 'Fresh'],
  [{ state: 'Never' }, 'Never'],
  [{ state: 'Stale', since: T0 - 180_000 }, 'Stale (3 minutes)'],
  [{ state: 'Failing', reason: 'NotFound', since: T0 - 1 }, 'Failing (NotFound)'],
  [{ state: 'Blocked', until: T0 + 12_000 }, 'Blocked (12 s left)'],
  [{ state: 'Blocked', until: T0 - 1 }, 'Blocked (0 s left)'],
])('a tag that is %o is told as %s', (freshness, text) => {
  expect(describeFreshness(freshness, T0)).toBe(text);
});

it('a stream is told by the worst of its tags', () => {
  expect(describeWorst(['Fresh', 'Fresh'])).toBe('Fresh');
  expect(describeWorst(['Fresh', 'Blocked', 'Never', 'Blocked'])).toBe('Blocked (2 of 4)');
  expect(describeWorst([])).toBe('');
});
