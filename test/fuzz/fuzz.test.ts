import { describe, expect, it } from 'vitest';
import { measureGrowth } from './engine/measure-growth.ts';
import { runCases } from './engine/run-cases.ts';
import { ALL_TARGETS } from './targets/all-targets.ts';

const RUNS = 10_000;
/** The same texts every time, so that a failure comes again; `pnpm fuzz` takes others. */
const SEED = 1;
/** Characters: what is quadratic takes milliseconds for them. `pnpm fuzz` goes on to what each parser reads at most. */
const GROWTH_SIZE = 16 * 1024;

/** ms: seconds on a machine that is not busy; what is slow is told by processor time, not by this. */
const PATIENCE = 600_000;

describe.each(ALL_TARGETS)('the parser of $name', (target) => {
  it(`keeps its promises on its corpus and on ${RUNS} changed texts, and none is slow`, {
    timeout: PATIENCE,
  }, async () => {
    const { runs, accepted, findings } = await runCases(target, { runs: RUNS, seed: SEED });
    expect(findings).toEqual([]);
    expect(runs).toBe(RUNS);
    // Texts that are all refused, or all taken, would try one half of the parser only.
    expect(accepted / runs).toBeGreaterThan(0.05);
    expect(accepted / runs).toBeLessThan(0.95);
  });

  it('takes time with the length of hostile texts, not with its square', {
    timeout: PATIENCE,
  }, () => {
    expect(measureGrowth(target, GROWTH_SIZE).filter(({ isLinear }) => !isLinear)).toEqual([]);
  });
});
