import type { BenchReport } from '../bench-report.ts';
import { type Machine, machineLine } from '../machine.ts';
import { median, quantile } from '../quantile.ts';
import type { ListedPages } from './store-list.ts';
import type { FanOut } from './watch-fan-out.ts';

const MIB = 1024 * 1024;

export interface Rate {
  readonly perSecond: number;
  /** CPU seconds per 1,000, of the calling process and of Redis. */
  readonly client: number;
  readonly redis: number;
  /** Bytes that Redis keeps of each, without the change log. */
  readonly memoryBytes: number;
  /** Bytes that each appends to the append-only file. */
  readonly fileBytes: number;
}

/** One run of each. */
export interface Written {
  readonly commits: Rate;
  readonly touches: Rate;
}

export interface MeasuredStore {
  readonly lists: readonly ListedPages[];
  readonly written: readonly Written[];
  readonly fanOut: FanOut;
}

/** The tables for people and the figures for machines. */
export function reportStore(
  { lists, written, fanOut }: MeasuredStore,
  machine: Machine,
): BenchReport {
  const commits = middle(written.map((one) => one.commits));
  const touches = middle(written.map((one) => one.touches));
  const pages = lists.flatMap((list) => list.pages);
  const seconds = median(lists.map(({ took }) => took));
  const ratio = median(fanOut.pairs.map(({ ours, bare }) => ours / bare));
  const ours = median(fanOut.pairs.map((pair) => pair.ours));
  const bare = median(fanOut.pairs.map((pair) => pair.bare));
  const grown = Math.round(fanOut.stoppedBytes / MIB);
  return {
    lines: [
      machineLine(machine),
      '',
      ...table([
        ['', 'per second', 'client', 'redis', 'memory', 'file'],
        ['commits, a moved tag with its image', ...rateCells(commits)],
        ['touches, unchanged tags, 200 a call', ...rateCells(touches)],
      ]),
      '(client, redis: CPU seconds per 1,000; memory without the change log, and append-only file: bytes of each)',
      '',
      `list of ${lists[0]?.streams ?? 0} streams: ${seconds.toFixed(1)} s in ${lists[0]?.pages.length ?? 0} pages; a page p50 ${median(pages).toFixed(1)} ms, p99 ${quantile(pages, 0.99).toFixed(1)} ms`,
      `watch, ${fanOut.readers} readers, frames of ${fanOut.frameBytes} B: ${ours.toFixed(1)} µs of CPU a frame, bare socket.write ${bare.toFixed(1)} µs; ratio ${ratio.toFixed(2)} (median of ${fanOut.pairs.length} pairs: ${fanOut.pairs.map((pair) => (pair.ours / pair.bare).toFixed(2)).join(', ')})`,
      `${fanOut.stoppedReaders} readers that stopped, ${fanOut.unreadChanges} changes of ${fanOut.frameBytes} B: the API needed ${grown} MiB more than beside ${fanOut.stoppedReaders} that read`,
    ],
    figures: {
      ...machine,
      commitsPerSecond: Math.round(commits.perSecond),
      touchesPerSecond: Math.round(touches.perSecond),
      commitClientCpuSecondsPer1000: rounded(commits.client),
      commitRedisCpuSecondsPer1000: rounded(commits.redis),
      touchClientCpuSecondsPer1000: rounded(touches.client),
      touchRedisCpuSecondsPer1000: rounded(touches.redis),
      commitRedisBytes: Math.round(commits.memoryBytes),
      commitAofBytes: Math.round(commits.fileBytes),
      touchAofBytes: Math.round(touches.fileBytes),
      list100kSeconds: rounded(seconds),
      listPageP50Ms: rounded(median(pages)),
      listPageP99Ms: rounded(quantile(pages, 0.99)),
      watchCpuPerFrameOverSocketWrite: rounded(ratio),
      watchCpuMicrosecondsPerFrame: rounded(ours),
      socketWriteCpuMicrosecondsPerFrame: rounded(bare),
      watchStoppedReadersMemoryMb: grown,
    },
  };
}

function middle(rates: readonly Rate[]): Rate {
  return {
    perSecond: median(rates.map(({ perSecond }) => perSecond)),
    client: median(rates.map(({ client }) => client)),
    redis: median(rates.map(({ redis }) => redis)),
    memoryBytes: median(rates.map(({ memoryBytes }) => memoryBytes)),
    fileBytes: median(rates.map(({ fileBytes }) => fileBytes)),
  };
}

function rateCells({ perSecond, client, redis, ...bytes }: Rate): readonly string[] {
  const whole = [perSecond, bytes.memoryBytes, bytes.fileBytes].map((value) => value.toFixed(0));
  const [rate = '', memory = '', file = ''] = whole;
  return [rate, client.toFixed(4), redis.toFixed(4), memory, file];
}

function table(rows: readonly (readonly string[])[]): readonly string[] {
  return rows.map(([name = '', ...cells]) =>
    [name.padEnd(38), ...cells.map((cell) => cell.padStart(12))].join(''),
  );
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
