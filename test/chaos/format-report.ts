import type { ChaosReport } from './conduct/run-chaos.ts';
import type { Verdict } from './judge/facts.ts';

/** Violations shown of one invariant; the others are counted. */
const SHOWN = 3;

/** The report for people, a line each. */
export function formatReport(report: ChaosReport): readonly string[] {
  const { seed, length, tally, verdicts } = report;
  const broken = verdicts.filter(({ violations }) => violations.length > 0);
  return [
    '',
    `seed ${seed}, ${length / 60_000} min: ${tally.sum('kill ')} kills, ${tally.of('killed while active')} while imports were active`,
    '',
    ...killTable(report),
    '',
    ...tally
      .entries()
      .filter(([name, count]) => !name.startsWith('kill ') && count > 0)
      .map(([name, count]) => `${String(count).padStart(7)}  ${name}`),
    '',
    ...verdicts.map(verdictLine),
    ...broken.flatMap((verdict) => brokenLines(seed, verdict)),
    '',
    broken.length === 0
      ? `seed ${seed}: every invariant holds`
      : `seed ${seed}: ${broken.length} of ${verdicts.length} invariants are broken; again: pnpm chaos --seed ${seed} --minutes ${length / 60_000}`,
  ];
}

/** The report as plain values. */
export function reportFigures(report: ChaosReport): Readonly<Record<string, unknown>> {
  const { seed, length, tally, verdicts, faults, outages, aborted } = report;
  return {
    seed,
    minutes: length / 60_000,
    aborted,
    kills: tally.sum('kill '),
    killedWhileActive: tally.of('killed while active'),
    moves: tally.of('moves'),
    violations: verdicts.reduce((sum, { violations }) => sum + violations.length, 0),
    counts: Object.fromEntries(tally.entries()),
    invariants: verdicts,
    faults,
    outages,
  };
}

const SIGNALS = ['SIGKILL', 'SIGTERM', 'SIGSTOP'] as const;
const VICTIMS = ['api', 'producer', 'worker', 'status-writer', 'redis'] as const;

function killTable({ tally }: ChaosReport): readonly string[] {
  const row = (cells: readonly string[]) =>
    cells.map((cell, at) => (at === 0 ? cell.padEnd(14) : cell.padStart(9))).join('');
  return [
    row(['kills', ...SIGNALS]),
    ...VICTIMS.map((victim) =>
      row([victim, ...SIGNALS.map((signal) => String(tally.of(`kill ${victim} ${signal}`)))]),
    ),
  ];
}

function verdictLine({ invariant, checked, violations }: Verdict): string {
  const mark = violations.length === 0 ? 'ok    ' : 'BROKEN';
  return `${mark} ${invariant} (${checked} compared${violations.length > 0 ? `, ${violations.length} wrong` : ''})`;
}

function brokenLines(seed: number, { invariant, violations }: Verdict): readonly string[] {
  const shown = violations
    .slice(0, SHOWN)
    .flatMap(({ words, trace }) => [`  ${words}`, ...trace.map((line) => `    ${line}`)]);
  const rest = violations.length - SHOWN;
  return [
    '',
    `seed ${seed} breaks: ${invariant}`,
    ...shown,
    ...(rest > 0 ? [`  and ${rest} more`] : []),
  ];
}
