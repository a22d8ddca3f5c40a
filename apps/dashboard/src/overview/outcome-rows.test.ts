import { expect, it } from 'vitest';
import { outcomeRows } from './outcome-rows.ts';

it('puts failures first, and the most frequent of them first', () => {
  const rows = outcomeRows({ unchanged: 6, imported: 1, NotFound: 1, Unauthorized: 2, never: 0 });
  expect(rows.map(({ outcome, kind, share }) => [outcome, kind, share])).toEqual([
    ['Unauthorized', 'failed', 0.2],
    ['NotFound', 'failed', 0.1],
    ['never', 'open', 0],
    ['unchanged', 'good', 0.6],
    ['imported', 'good', 0.1],
  ]);
});

it('has no rows, and no shares of nothing', () => {
  expect(outcomeRows({})).toEqual([]);
  expect(outcomeRows({ never: 0 }).map(({ share }) => share)).toEqual([0]);
});
