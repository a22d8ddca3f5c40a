import type { BenchReport } from '../bench-report.ts';
import { type Machine, machineLine } from '../machine.ts';
import { median } from '../quantile.ts';
import { AT_ONCE, CONNECTIONS } from './registry-user.ts';
import type { SkopeoLooks, SkopeoRound } from './skopeo-looks.ts';
import type { Turn } from './user-turns.ts';

/** Two turns that came one after the other. */
export interface TurnPair {
  readonly tagtrail: Turn;
  /** undici alone. */
  readonly bare: Turn;
}

export interface Comparison {
  /** `check over HTTP`. */
  readonly name: string;
  /** Begins the names of its figures: `headHttp`. */
  readonly figure: string;
  readonly ratioFigure: string;
  /** The share of undici's work for the same CPU that is wanted at least. */
  readonly bar: number;
  readonly pairs: readonly TurnPair[];
}

export interface MeasuredRegistry {
  readonly comparisons: readonly Comparison[];
  /** Why nothing was asked over TLS. */
  readonly tlsLeftOut: string | undefined;
  readonly skopeo: SkopeoLooks;
  /** Processes that wanted a core, in the minute before the first turn. */
  readonly load: number;
}

type Figures = Readonly<Record<string, number | string>>;

/** The table for people and the figures for machines. */
export function reportRegistry(measured: MeasuredRegistry, machine: Machine): BenchReport {
  const { comparisons, tlsLeftOut, skopeo, load } = measured;
  return {
    lines: [
      machineLine(machine),
      `${AT_ONCE} at once over ${CONNECTIONS} connections; CPU of the process that asks; load ${load.toFixed(1)} before the first turn`,
      '',
      row(['', 'µs of CPU', 'undici', 'a CPU second', 'undici', 'a second', 'undici']),
      ...comparisons.map(comparisonRow),
      '',
      'work for the same CPU, as a share of what undici alone does (median of the pairs, least to most)',
      ...comparisons.map(ratioLine),
      ...(tlsLeftOut === undefined ? [] : [`  over TLS: left out, ${tlsLeftOut}`]),
      '',
      ...skopeoLines(skopeo),
    ],
    figures: {
      ...machine,
      loadAverage: rounded(load),
      ...(Object.assign({}, ...comparisons.map(comparisonFigures)) as Figures),
      ...(tlsLeftOut === undefined ? {} : { tlsLeftOut }),
      ...skopeoFigures(skopeo),
    },
  };
}

const cpuMicros = ({ cpu, count }: Turn) => (cpu / count) * 1e6;
const perCpuSecond = ({ cpu, count }: Turn) => count / cpu;
const perSecond = ({ wall, count }: Turn) => count / wall;
/** Above 1 we are cheaper than undici's own `request`. */
const shareOfBare = ({ tagtrail, bare }: TurnPair) => cpuMicros(bare) / cpuMicros(tagtrail);

const MEASURES = {
  CpuMicros: cpuMicros,
  PerCpuSecond: perCpuSecond,
  PerSecond: perSecond,
} as const;

function comparisonRow({ name, pairs }: Comparison): string {
  const cells = Object.values(MEASURES).flatMap((measure) => [
    median(pairs.map(({ tagtrail }) => measure(tagtrail))).toFixed(0),
    median(pairs.map(({ bare }) => measure(bare))).toFixed(0),
  ]);
  return row([name, ...cells]);
}

function row([name = '', ...cells]: readonly string[]): string {
  return [name.padEnd(18), ...cells.map((cell) => cell.padStart(13))].join('');
}

function ratioLine({ name, bar, pairs }: Comparison): string {
  const ratios = pairs.map(shareOfBare);
  const span = `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`;
  const middle = median(ratios);
  const judged = middle < bar ? `below the bar of ${bar}` : `the bar is ${bar}`;
  return `  ${name}: ${middle.toFixed(2)} (${pairs.length} pairs, ${span}); ${judged}`;
}

/** headHttpCpuMicros, headHttpBareCpuMicros, … */
function comparisonFigures({ figure, ratioFigure, pairs }: Comparison): Figures {
  const measured = Object.entries(MEASURES).flatMap(([name, measure]) => [
    [`${figure}${name}`, rounded(median(pairs.map(({ tagtrail }) => measure(tagtrail))))],
    [`${figure}Bare${name}`, rounded(median(pairs.map(({ bare }) => measure(bare))))],
  ]);
  return {
    [ratioFigure]: rounded(median(pairs.map(shareOfBare))),
    ...Object.fromEntries(measured),
  };
}

function skopeoLines(looks: SkopeoLooks): readonly string[] {
  if (looks.kind === 'left-out') return [`beside skopeo: left out, ${looks.reason}`];
  const { check, import: imported, skopeo, checkRatio, importRatio } = besideSkopeo(looks.rounds);
  return [
    `beside ${looks.version}, at docker-registry, ${looks.rounds.length} turns each; µs of CPU`,
    `  check ${check.toFixed(0)}, import ${imported.toFixed(0)}, skopeo inspect --no-tags ${skopeo.toFixed(0)}, with the start of its process`,
    `  a check costs ${checkRatio.toFixed(4)} of it, an import, which asks for the same, ${importRatio.toFixed(4)}`,
  ];
}

function skopeoFigures(looks: SkopeoLooks): Figures {
  if (looks.kind === 'left-out') return { skopeoLeftOut: looks.reason };
  const { rounds, version } = looks;
  const { check, import: imported, skopeo, checkRatio, importRatio } = besideSkopeo(rounds);
  return {
    skopeoVersion: version,
    skopeoCpuRatio: rounded(checkRatio, 6),
    skopeoImportCpuRatio: rounded(importRatio, 6),
    skopeoCpuMicros: rounded(skopeo),
    skopeoPerSecond: rounded(median(rounds.map((round) => perSecond(round.skopeo)))),
    dockerRegistryCheckCpuMicros: rounded(check),
    dockerRegistryCheckPerSecond: rounded(median(rounds.map((round) => perSecond(round.check)))),
    dockerRegistryImportCpuMicros: rounded(imported),
    dockerRegistryImportPerSecond: rounded(median(rounds.map((round) => perSecond(round.import)))),
  };
}

function besideSkopeo(rounds: readonly SkopeoRound[]) {
  const middle = (of: (round: SkopeoRound) => number) => median(rounds.map(of));
  return {
    check: middle((round) => cpuMicros(round.check)),
    import: middle((round) => cpuMicros(round.import)),
    skopeo: middle((round) => cpuMicros(round.skopeo)),
    checkRatio: middle((round) => cpuMicros(round.check) / cpuMicros(round.skopeo)),
    importRatio: middle((round) => cpuMicros(round.import) / cpuMicros(round.skopeo)),
  };
}

function rounded(value: number, digits = 3): number {
  return Number(value.toFixed(digits));
}
