import type { BenchReport } from '../bench-report.ts';
import { type Machine, machineLine } from '../machine.ts';
import { median } from '../quantile.ts';
import { LAYER_BYTES, TAGS } from './pull-content.ts';
import type { Side } from './pull-site.ts';
import type { ColdTurn, PullTurn } from './pull-turns.ts';

/** Turns of one round, one after the other. */
type Rounds<S extends Side, T extends PullTurn = PullTurn> = readonly Readonly<Record<S, T>>[];

/** MiB of a serving process. */
export interface PullMemory {
  readonly clients: number;
  /** Before the first of them. */
  readonly before: number;
  /** At most, while all of them pulled the layer that is there. */
  readonly warm: number;
  readonly cold: number;
  /** Node alone, with as many clients. */
  readonly floor: number;
  /** For the layer, while all of them pulled it cold. */
  readonly upstreamRequests: number;
}

export interface MeasuredPulls {
  readonly manifests: Rounds<'tagtrail' | 'dockerRegistry'>;
  readonly warm: Rounds<Side>;
  readonly cold: Rounds<'tagtrail' | 'floor', ColdTurn>;
  readonly memory: PullMemory;
  readonly dockerRegistryVersion: string;
  /** Processes that wanted a core, in the minute before. */
  readonly load: number;
}

/** What is compared, and what is wanted of it; undefined: it is quoted only. */
interface Ratio {
  readonly figure: string;
  readonly name: string;
  readonly bar: number | undefined;
  /** Of each round; more is better. */
  readonly values: readonly number[];
}

const MEBIBYTE = 1024 * 1024;
const perSecond = ({ count, wall }: PullTurn) => count / wall;
const mebibytesPerSecond = ({ bytes, wall }: PullTurn) => bytes / MEBIBYTE / wall;
const storedPerSecond = ({ bytes, stored }: ColdTurn) => bytes / MEBIBYTE / stored;
const cpuMicros = ({ count, cpu }: PullTurn) => (cpu / count) * 1e6;
const cpuPerGibibyte = ({ bytes, cpu }: PullTurn) => cpu / (bytes / MEBIBYTE / 1_024);

/** The table for people and the figures for machines. */
export function reportPulls(measured: MeasuredPulls, machine: Machine): BenchReport {
  const { memory, dockerRegistryVersion, load } = measured;
  const ratios = ratiosOf(measured);
  return {
    lines: [
      machineLine(machine),
      `${TAGS} tags, a layer of ${LAYER_BYTES / MEBIBYTE} MiB, docker-registry ${dockerRegistryVersion}; load ${load.toFixed(1)} before the first turn`,
      '',
      ...tableOf(measured),
      '',
      'ratios (median of the rounds, least to most); more is better',
      ...ratios.map(ratioLine),
      '',
      ...memoryLines(memory),
    ],
    figures: {
      ...machine,
      loadAverage: rounded(load),
      dockerRegistryVersion,
      ...Object.fromEntries(ratios.map(({ figure, values }) => [figure, rounded(median(values))])),
      ...figuresOf(measured),
      peakMemoryMiBBefore: rounded(memory.before),
      peakMemoryMiBWarm: rounded(memory.warm),
      peakMemoryMiBCold: rounded(memory.cold),
      peakMemoryMiBFloor: rounded(memory.floor),
      coldUpstreamRequests: memory.upstreamRequests,
    },
  };
}

function ratiosOf({ manifests, warm, cold }: MeasuredPulls): readonly Ratio[] {
  const over = <S extends Side, T extends PullTurn>(
    rounds: Rounds<S, T>,
    sides: readonly [NoInfer<S>, NoInfer<S>],
    measure: (turn: T) => number,
  ) => rounds.map((round) => measure(round[sides[0]]) / measure(round[sides[1]]));
  const docker = ['tagtrail', 'dockerRegistry'] as const;
  const floor = ['tagtrail', 'floor'] as const;
  return [
    {
      figure: 'warmManifestVsDockerRegistry',
      name: 'manifests a second, to docker-registry',
      bar: 3,
      values: over(manifests, docker, perSecond),
    },
    {
      figure: 'warmManifestPerCpuVsDockerRegistry',
      name: 'manifests per CPU second, to docker-registry',
      bar: undefined,
      values: over(manifests, docker, (turn) => 1 / cpuMicros(turn)),
    },
    {
      figure: 'warmBlobVsFloor',
      name: 'warm layer, to Node alone',
      bar: 0.9,
      values: over(warm, floor, mebibytesPerSecond),
    },
    {
      figure: 'warmBlobVsDockerRegistry',
      name: 'warm layer, to docker-registry',
      bar: undefined,
      values: over(warm, docker, mebibytesPerSecond),
    },
    {
      figure: 'coldBlobVsFloor',
      name: 'cold layer, to Node alone, until the client has it',
      bar: 0.9,
      values: over(cold, floor, mebibytesPerSecond),
    },
    {
      figure: 'coldStoredVsFloor',
      name: 'cold layer, to Node alone, until it is on the disk',
      bar: 0.9,
      values: over(cold, floor, storedPerSecond),
    },
  ];
}

function tableOf({ manifests, warm, cold }: MeasuredPulls): readonly string[] {
  return [
    row(['', 'tagtrail', 'docker-registry', 'Node alone']),
    rowOf('manifests a second', manifests, perSecond),
    rowOf('  µs of CPU each', manifests, cpuMicros),
    rowOf('warm, MiB/s', warm, mebibytesPerSecond),
    rowOf('  CPU s per GiB', warm, cpuPerGibibyte, 3),
    rowOf('cold, MiB/s', cold, mebibytesPerSecond),
    rowOf('  until stored', cold, storedPerSecond),
    rowOf('  CPU s per GiB', cold, cpuPerGibibyte, 3),
  ];
}

function rowOf<S extends Side, T extends PullTurn>(
  name: string,
  rounds: Rounds<S, T>,
  measure: (turn: T) => number,
  digits = 0,
): string {
  const of = (side: Side) => {
    const turns = rounds.flatMap((round) => round[side as S] ?? []);
    return turns.length === 0 ? '–' : median(turns.map(measure)).toFixed(digits);
  };
  return row([name, of('tagtrail'), of('dockerRegistry'), of('floor')]);
}

function row([name = '', ...cells]: readonly string[]): string {
  return [name.padEnd(20), ...cells.map((cell) => cell.padStart(17))].join('');
}

function ratioLine({ name, bar, values }: Ratio): string {
  const middle = median(values);
  const span = `${Math.min(...values).toFixed(2)} to ${Math.max(...values).toFixed(2)}`;
  const told = `  ${name}: ${middle.toFixed(2)} (${values.length} rounds, ${span})`;
  if (bar === undefined) return told;
  return `${told}; ${middle < bar ? `below the bar of ${bar}` : `the bar is ${bar}`}`;
}

function memoryLines({
  clients,
  before,
  warm,
  cold,
  floor,
  upstreamRequests,
}: PullMemory): readonly string[] {
  const times = upstreamRequests === 1 ? 'once' : `${upstreamRequests} times`;
  return [
    `${clients} clients at once, MiB of memory at most: ${warm.toFixed(0)} warm, ${cold.toFixed(0)} cold, ${before.toFixed(0)} before; Node alone ${floor.toFixed(0)} warm`,
    `  for the cold layer upstream was asked ${times}`,
  ];
}

/** manifestsPerSecond, dockerRegistryManifestsPerSecond, … */
function figuresOf({ manifests, warm, cold }: MeasuredPulls): Readonly<Record<string, number>> {
  return {
    ...named('ManifestsPerSecond', manifests, perSecond),
    ...named('ManifestCpuMicros', manifests, cpuMicros),
    ...named('WarmMiBPerSecond', warm, mebibytesPerSecond),
    ...named('WarmCpuSecondsPerGiB', warm, cpuPerGibibyte),
    ...named('ColdMiBPerSecond', cold, mebibytesPerSecond),
    ...named('ColdStoredMiBPerSecond', cold, storedPerSecond),
    ...named('ColdCpuSecondsPerGiB', cold, cpuPerGibibyte),
  };
}

function named<S extends Side, T extends PullTurn>(
  name: string,
  rounds: Rounds<S, T>,
  measure: (turn: T) => number,
): Readonly<Record<string, number>> {
  const sides = Object.keys(rounds[0] ?? {}) as S[];
  return Object.fromEntries(
    sides.map((side) => {
      return [`${side}${name}`, rounded(median(rounds.map((round) => measure(round[side]))))];
    }),
  );
}

function rounded(value: number): number {
  return Number(value.toFixed(3));
}
