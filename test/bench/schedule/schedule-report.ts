import type { BenchReport } from '../bench-report.ts';
import { type Machine, machineLine } from '../machine.ts';
import type { Turn } from './schedule-site.ts';

/** A producer's memory counts as flat when it ends within this much of where it started, warm. */
const FLAT_WITHIN = 1.25;
const MIB = 1024 * 1024;

export interface MeasuredSize {
  readonly due: number;
  readonly turns: readonly Turn[];
  /** Resident bytes of the producer: before the first turn and after each. */
  readonly memory: readonly number[];
}

/** Sizes with the smallest first. */
export interface MeasuredSchedule {
  /** Every tag of the largest was enqueued. */
  readonly many: readonly MeasuredSize[];
  /** Hosts of the above. */
  readonly hosts: number;
  readonly one: readonly MeasuredSize[];
}

/** The tables for people and the figures for machines. */
export function reportSchedule(measured: MeasuredSchedule, machine: Machine): BenchReport {
  const memory = memoryOf(measured.many.at(-1));
  const isFlat = memory.end <= memory.start * FLAT_WITHIN;
  const one = measured.one.map(summary);
  const many = measured.many.map(summary);
  return {
    lines: [
      machineLine(machine),
      'CPU seconds per 1,000 tags that the producer enqueued; when the last of the due tags was.',
      '',
      `${measured.hosts} registries`,
      ...table(many),
      `producer's memory at ${many.at(-1)?.due} due tags: ${memory.start} MiB before the first, ${memory.middle} in the middle, ${memory.end} after the last, ${memory.most} at most: ${isFlat ? 'flat' : 'NOT flat'} (within ${FLAT_WITHIN} x)`,
      '',
      'one registry',
      ...table(one),
    ],
    figures: {
      ...machine,
      costRatio1MOver10k: rounded(ratio(many)),
      costRatio100kOver10kOneHost: rounded(ratio(one)),
      ...figures(many, ''),
      ...figures(one, 'OneHost'),
      producerRssMbStart: memory.start,
      producerRssMbMiddle: memory.middle,
      producerRssMbEnd: memory.end,
      producerRssMbMost: memory.most,
      producerMemoryFlat: String(isFlat),
    },
  };
}

interface Summary {
  readonly due: number;
  readonly tags: number;
  /** CPU seconds per 1,000 tags. */
  readonly producer: number;
  readonly redis: number;
  readonly all: number;
  /** ms until the last of the due tags was enqueued, had the producer run alone all the time. */
  readonly lag: number;
}

function summary({ due, turns }: MeasuredSize): Summary {
  const sum = (of: (turn: Turn) => number) => turns.reduce((all, turn) => all + of(turn), 0);
  const tags = sum((turn) => turn.tags);
  const producer = (sum((turn) => turn.producer) * 1_000) / tags;
  const redis = (sum((turn) => turn.redis) * 1_000) / tags;
  const lag = (sum((turn) => turn.took) / tags) * due;
  return { due, tags, producer, redis, all: producer + redis, lag };
}

function ratio(sizes: readonly Summary[]): number {
  return (sizes.at(-1)?.all ?? 0) / (sizes[0]?.all ?? 1);
}

function memoryOf(size: MeasuredSize | undefined) {
  const memory = (size?.memory ?? []).map((bytes) => Math.round(bytes / MIB));
  const at = (share: number) => memory[Math.round((memory.length - 1) * share)] ?? 0;
  return { start: at(0), middle: at(0.5), end: at(1), most: Math.max(...memory) };
}

function table(sizes: readonly Summary[]): readonly string[] {
  const head = ['due tags', 'enqueued', 'producer', 'redis', 'both', 'last after'];
  const rows = sizes.map(({ due, tags, producer, redis, all, lag }) => [
    String(due),
    String(tags),
    producer.toFixed(4),
    redis.toFixed(4),
    all.toFixed(4),
    `${(lag / 1_000).toFixed(1)} s`,
  ]);
  const lines = [head, ...rows].map((row) => row.map((cell) => cell.padStart(12)).join(''));
  return [...lines, `cost per tag, largest over smallest: ${ratio(sizes).toFixed(2)}`];
}

function figures(sizes: readonly Summary[], suffix: string): Readonly<Record<string, number>> {
  return Object.fromEntries(
    sizes.flatMap(({ due, producer, redis, all, lag }) => {
      const size = sizeName(due);
      return [
        [`cpuSecondsPer1000Tags${size}${suffix}`, rounded(all)],
        [`producerCpuSecondsPer1000Tags${size}${suffix}`, rounded(producer)],
        [`redisCpuSecondsPer1000Tags${size}${suffix}`, rounded(redis)],
        [`lagMs${size}${suffix}`, Math.round(lag)],
      ];
    }),
  );
}

/** 10k, 100k, 1M. */
function sizeName(due: number): string {
  return due >= 1_000_000 ? `${due / 1_000_000}M` : `${due / 1_000}k`;
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
