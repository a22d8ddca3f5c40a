import type { Growth } from './measure-growth.ts';
import type { CasesResult } from './run-cases.ts';

/** What came out for one target. */
export interface TargetReport {
  readonly target: string;
  readonly cases: CasesResult;
  readonly growth: readonly Growth[];
}

const HEADINGS = [
  'target',
  'runs',
  'seconds',
  'runs/s',
  'taken',
  'slowest ms',
  'growth',
  'findings',
];
/** Characters of a failing text that are shown; all of it is in its file. */
const SHOWN_INPUT = 400;

export function tableHead(targets: readonly string[]): string {
  return row(HEADINGS, targets);
}

/** One line; `targets` decide how wide the first column is. */
export function tableLine(report: TargetReport, targets: readonly string[]): string {
  const { runs, seconds, accepted, slowest } = report.cases;
  const cells = [
    report.target,
    String(runs),
    seconds.toFixed(1),
    String(Math.round(runs / seconds)),
    `${((100 * accepted) / Math.max(1, runs)).toFixed(0)} %`,
    slowest.toFixed(2),
    steepest(report.growth)?.exponent.toFixed(2) ?? '-',
    String(findingCount(report)),
  ];
  return row(cells, targets);
}

/** What was found, with all that it takes to see it again. */
export function findingLines(report: TargetReport, seed: number): readonly string[] {
  const { target, cases, growth } = report;
  const failures = cases.findings.flatMap(({ kind, message, input, file }) => [
    `${target}: ${kind}: ${message} (seed ${seed})`,
    `  ${JSON.stringify(input.slice(0, SHOWN_INPUT))}`,
    `  kept as ${file}; move it to the corpus of ${target} once it is mended`,
  ]);
  const steep = growth
    .filter(({ isLinear }) => !isLinear)
    .map(
      ({ family, size, longest, exponent }) =>
        `${target}: grows faster than its input: "${family}", exponent ${exponent.toFixed(2)}, ${longest.toFixed(1)} ms for ${size} characters`,
    );
  return [...failures, ...steep];
}

export function findingCount({ cases, growth }: TargetReport): number {
  return cases.findings.length + growth.filter(({ isLinear }) => !isLinear).length;
}

/** Of the families whose time could be told from nothing. */
function steepest(growth: readonly Growth[]): Growth | undefined {
  return growth
    .filter(({ isMeasurable }) => isMeasurable)
    .toSorted((a, b) => b.exponent - a.exponent)[0];
}

const NUMBER_WIDTH = 11;

function row([first = '', ...rest]: readonly string[], targets: readonly string[]): string {
  const width = Math.max(...targets.map((name) => name.length), HEADINGS[0]?.length ?? 0);
  return first.padEnd(width) + rest.map((cell) => cell.padStart(NUMBER_WIDTH)).join('');
}
