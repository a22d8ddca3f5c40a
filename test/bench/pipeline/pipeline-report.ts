import { cpus, release } from 'node:os';
import type { BenchReport } from '../bench-report.ts';
import type { FloorCosts } from './floors.ts';
import type { Measured, Pair } from './pipeline.ts';
import { PROCESSES, REGISTRIES } from './pipeline-site.ts';
import type { Spent } from './spent.ts';

const CLASSES = ['producer', 'worker', 'status-writer', 'api', 'redis'] as const;
const FLOORS = ['queue', 'requests', 'results'] as const;

/** The table for people and the figures for machines. */
export function reportPipeline(measured: Measured): BenchReport {
  const { pairs, steady, memory, moves, site } = measured;
  const ratio = median(pairs.map(ratioOf));
  const perSecond = median(pairs.map(({ checks, took }) => checks / took));
  const perCheck = median(pairs.map(({ requests, checks }) => requests / checks));
  const [p50, p99] = [quantile(moves.lags, 0.5), quantile(moves.lags, 0.99)];
  return {
    lines: [
      ...headLines(measured, perSecond),
      '',
      ...stageLines(pairs),
      '',
      `CPU over the floors: ${ratio.toFixed(2)} (median of ${pairs.length} pairs: ${pairs.map((pair) => ratioOf(pair).toFixed(2)).join(', ')})`,
      `at the steady pace, each tag every ${site.interval / 1_000} s (${(steady.checks / steady.took).toFixed(0)} looks/s): ${((total(steady.spent) * 1e6) / steady.checks).toFixed(0)} ms per 1,000 looks`,
      `requests per unchanged check: ${perCheck.toFixed(3)}`,
      `Redis memory: ${memory.perTag} B a tag; apart from it ${memory.images} images of ${memory.perImage} B, change log ${Math.round(memory.changeLog / 1024)} KiB`,
      `${moves.moved} tags moved; recorded after the due time of their look: p50 ${Math.round(p50)} ms, p99 ${Math.round(p99)} ms`,
    ],
    figures: {
      cpuRatioToFloor: round(ratio),
      requestsPerUnchangedCheck: round(perCheck),
      redisBytesPerTag: memory.perTag,
      redisBytesPerImage: memory.perImage,
      checksPerSecond: round(perSecond),
      detectionLagP50Ms: Math.round(p50),
      detectionLagP99Ms: Math.round(p99),
      tags: site.tags,
      workers: PROCESSES.worker,
      steadyCpuMsPer1000Checks: round((total(steady.spent) * 1e6) / steady.checks),
      ...cpuFigures(pairs),
      ...steadyFigures(steady),
    },
  };
}

function headLines({ site, redisVersion }: Measured, perSecond: number): readonly string[] {
  const [cpu] = cpus();
  return [
    `${cpu?.model ?? 'unknown processor'}, ${cpus().length} cores, Linux ${release()}, Node ${process.version}, ${redisVersion}, ${new Date().toISOString()}`,
    `${site.tags} tags on ${REGISTRIES} registries at full speed: ${perSecond.toFixed(0)} looks/s beside the registries on the same machine; info logs, metrics, append-only file with appendfsync always`,
  ];
}

function stageLines(pairs: readonly Pair[]): readonly string[] {
  const row = (name: string, ms: number) => `  ${name.padEnd(34)}${ms.toFixed(1).padStart(8)}`;
  const floor = (name: (typeof FLOORS)[number], side: keyof FloorCosts['queue']) =>
    median(pairs.map((pair) => (pair.floors[name][side] * 1e6) / pair.floorChecks));
  const names = {
    queue: 'BullMQ add and work',
    requests: 'undici HEAD',
    results: 'XADD, XREADGROUP, XACK',
  };
  return [
    'CPU at full speed, ms per 1,000 looks that found nothing new',
    ...CLASSES.map((name) => row(label(name), perThousand(pairs, name))),
    row('all of Tagtrail', median(pairs.map((pair) => (total(pair.spent) * 1e6) / pair.checks))),
    ...FLOORS.flatMap((name) => [
      row(`floor: ${names[name]}, client`, floor(name, 'client')),
      ...(name === 'requests' ? [] : [row(`floor: ${names[name]}, Redis`, floor(name, 'redis'))]),
    ]),
    row('all floors', median(pairs.map((pair) => (floorTotal(pair) * 1e6) / pair.floorChecks))),
  ];
}

function label(name: (typeof CLASSES)[number]): string {
  return name === 'redis' ? 'Redis' : `${name} × ${PROCESSES[name]}`;
}

function cpuFigures(pairs: readonly Pair[]): Readonly<Record<string, number>> {
  const figures: Record<string, number> = {};
  for (const name of CLASSES) {
    figures[`cpuMsPer1000Checks.${name}`] = round(perThousand(pairs, name));
  }
  for (const name of FLOORS) {
    const each = pairs.map(({ floors, floorChecks }) => (costOf(floors[name]) * 1e6) / floorChecks);
    figures[`floorCpuMsPer1000Checks.${name}`] = round(median(each));
  }
  return figures;
}

function steadyFigures({ spent, checks }: Measured['steady']): Readonly<Record<string, number>> {
  const figures: Record<string, number> = {};
  for (const name of CLASSES) {
    figures[`steadyCpuMsPer1000Checks.${name}`] = round((spent[name] * 1e6) / checks);
  }
  return figures;
}

function perThousand(pairs: readonly Pair[], name: keyof Spent): number {
  return median(pairs.map(({ spent, checks }) => (spent[name] * 1e6) / checks));
}

function ratioOf(pair: Pair): number {
  return total(pair.spent) / pair.checks / (floorTotal(pair) / pair.floorChecks);
}

function total(spent: Spent): number {
  return CLASSES.reduce((sum, name) => sum + spent[name], 0);
}

function floorTotal({ floors }: Pair): number {
  return FLOORS.reduce((sum, name) => sum + costOf(floors[name]), 0);
}

function costOf({ client, redis }: FloorCosts['queue']): number {
  return client + redis;
}

function median(values: readonly number[]): number {
  return quantile(
    values.toSorted((a, b) => a - b),
    0.5,
  );
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
