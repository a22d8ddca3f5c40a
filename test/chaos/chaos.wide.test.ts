import { describe, expect, it } from 'vitest';
import { runChaos } from './conduct/run-chaos.ts';
import { formatReport } from './format-report.ts';

/** What `pnpm chaos --seed N` runs by default. */
const LENGTH = 2 * 60_000;
/** The storm, the start of eleven processes, and all the time that what was killed last may take to come back. */
const LIMIT = LENGTH + 300_000;
const SEEDS = [1, 2, 3];
const FEWEST_KILLS = 30;

describe('two minutes of chaos', () => {
  it.each(SEEDS)('with seed %d leave every invariant whole', { timeout: LIMIT }, async (seed) => {
    const { signal } = new AbortController();
    const report = await runChaos({ seed, length: LENGTH, signal, say: () => undefined });
    const broken = report.verdicts.filter(({ violations }) => violations.length > 0);
    expect(broken.length, formatReport(report).join('\n')).toBe(0);
    const kills = report.tally.sum('kill ');
    expect(kills).toBeGreaterThanOrEqual(FEWEST_KILLS);
    expect(report.tally.of('killed while active')).toBeGreaterThanOrEqual(kills / 3);
  });
});
