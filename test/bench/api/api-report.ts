import type { BenchReport } from '../bench-report.ts';
import { type Machine, machineLine } from '../machine.ts';
import { quantile } from '../quantile.ts';

/** One import and the same requests without Tagtrail. */
export interface ImportPair {
  /** ms from the POST to its answer. */
  readonly imported: number;
  /** ms of the bare requests, one after the other. */
  readonly bare: number;
  readonly requests: number;
}

export interface MeasuredApi {
  /** One import after the other. */
  readonly alone: readonly ImportPair[];
  readonly together: readonly ImportPair[];
  readonly atOnce: number;
}

/** The table for people and the figures for machines. */
export function reportApi({ alone, together, atOnce }: MeasuredApi, machine: Machine): BenchReport {
  const requests = quantile(
    alone.map((pair) => pair.requests),
    0.5,
  );
  return {
    lines: [
      machineLine(machine),
      `an import asks the registry ${requests} times; ms, ${alone.length} imports of a new tag each`,
      '',
      row('', ['p50', 'p99']),
      ...rows('one after the other', alone),
      ...rows(`${atOnce} at once`, together),
    ],
    figures: {
      ...machine,
      ...figures(alone, ''),
      ...figures(together, 'Together'),
      requestsPerImport: requests,
      importsAtOnce: atOnce,
    },
  };
}

const VALUES: Readonly<Record<string, (pair: ImportPair) => number>> = {
  import: ({ imported }) => imported,
  bare: ({ bare }) => bare,
  overhead: ({ imported, bare }) => imported - bare,
};

function rows(name: string, pairs: readonly ImportPair[]): readonly string[] {
  return Object.entries(VALUES).map(([value, of]) =>
    row(
      `${name}: ${value}`,
      [0.5, 0.99].map((share) => quantile(pairs.map(of), share).toFixed(1)),
    ),
  );
}

function row(name: string, cells: readonly string[]): string {
  return [name.padEnd(30), ...cells.map((cell) => cell.padStart(10))].join('');
}

/** importP50Ms, importP99Ms, bareP50Ms, … */
function figures(pairs: readonly ImportPair[], suffix: string): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(VALUES).flatMap(([name, of]) =>
      [50, 99].map((percent) => [
        `${name}P${percent}Ms${suffix}`,
        Number(quantile(pairs.map(of), percent / 100).toFixed(2)),
      ]),
    ),
  );
}
