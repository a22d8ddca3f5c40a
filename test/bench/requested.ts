import { openRegistrySimulator } from '@tagtrail/registry-simulator';
import {
  BUSY,
  countBusyLooks,
  importAll,
  keepBusy,
  pushStorm,
  STORM,
  type StormImport,
  type StormSite,
} from '../e2e/import-storm.ts';
import { eventually, openInstallation, type RunningApp } from '../e2e/installation.ts';
import type { BenchReport } from './bench-report.ts';

/** Pairs of storms, one with the schedule running and one without, in turn: a drifting machine hits both. */
const PAIRS = 7;
/** ms for scheduled jobs on their way to end. */
const DRAIN_LIMIT = 20_000;

/**
 * Whether requested imports wait behind scheduled ones: many `import-image` at once, beside a schedule and with the
 * producer stopped. The figure is the slow end with it over the middle without it.
 */
export async function requestedBench(): Promise<BenchReport> {
  const simulator = await openRegistrySimulator();
  const tagtrail = await openInstallation({ api: 1, worker: 1, 'status-writer': 1 });
  try {
    const producer = await tagtrail.start('producer');
    const site = { tagtrail, simulator };
    await keepBusy(site);
    pushStorm(site);
    await importAll(site);
    return report(await measurePairs(site, producer));
  } finally {
    await tagtrail[Symbol.asyncDispose]();
    await simulator[Symbol.asyncDispose]();
  }
}

interface Pair {
  readonly beside: readonly number[];
  readonly alone: readonly number[];
  /** Scheduled looks during each. */
  readonly looksBeside: number;
  readonly looksAlone: number;
}

async function measurePairs(site: StormSite, producer: RunningApp): Promise<readonly Pair[]> {
  const pairs: Pair[] = [];
  for (let pair = 0; pair < PAIRS; pair += 1) {
    site.simulator.clearRequests();
    const beside = await storm(site);
    const looksBeside = countBusyLooks(site);
    producer.child.kill('SIGSTOP');
    await drained(site);
    site.simulator.clearRequests();
    const alone = await storm(site);
    pairs.push({ beside, alone, looksBeside, looksAlone: countBusyLooks(site) });
    producer.child.kill('SIGCONT');
    process.stderr.write(`pair ${pair + 1} of ${PAIRS}\n`);
  }
  return pairs;
}

/** What was enqueued before the producer stopped is done. */
async function drained({ tagtrail }: StormSite): Promise<void> {
  await eventually(async () => {
    const { queue, results } = await tagtrail.client.queueMetrics();
    const left = queue.waiting + queue.active + results.lag + results.pending;
    return left === 0 ? true : undefined;
  }, DRAIN_LIMIT);
}

async function storm(site: StormSite): Promise<readonly number[]> {
  pushStorm(site);
  const imports = await importAll(site);
  const failed = imports.find(({ exitCode }) => exitCode !== 0);
  if (failed !== undefined) throw new Error(`an import failed: ${failed.stderr}`);
  return imports.map(({ took }: StormImport) => took).toSorted((a, b) => a - b);
}

function report(pairs: readonly Pair[]): BenchReport {
  const ratios = pairs.map(({ beside, alone }) => quantile(beside, 0.99) / quantile(alone, 0.5));
  const middle = quantile(
    ratios.toSorted((a, b) => a - b),
    0.5,
  );
  const rows = pairs.map(({ beside, alone, looksBeside, looksAlone }, index) => [
    String(index + 1),
    `${looksBeside}/${looksAlone}`,
    ms(quantile(beside, 0.5)),
    ms(quantile(beside, 0.99)),
    ms(quantile(alone, 0.5)),
    ms(quantile(alone, 0.99)),
    (ratios[index] ?? 0).toFixed(2),
  ]);
  const head = ['pair', 'looks', 'beside p50', 'beside p99', 'alone p50', 'alone p99', 'ratio'];
  return {
    lines: [
      `${STORM.imports} import-image at once; beside them ${BUSY.streams * BUSY.tags} tags on ${BUSY.schedule}`,
      ...[head, ...rows].map((row) => row.map((cell) => cell.padStart(11)).join('')),
      `p99 beside a schedule over the median without one: ${middle.toFixed(2)} (median of ${PAIRS})`,
    ],
    figures: { p99OverMedian: middle, imports: STORM.imports, tags: BUSY.streams * BUSY.tags },
  };
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

function ms(value: number): string {
  return `${Math.round(value)} ms`;
}
