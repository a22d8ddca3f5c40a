import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { BenchReport } from '../bench-report.ts';
import { floorOrder } from './floor-order.ts';
import type { FloorCosts, FloorOrder } from './floors.ts';
import { type MemoryShare, measureMemory } from './pipeline-memory.ts';
import { type Moves, measureMoves } from './pipeline-moves.ts';
import { reportPipeline } from './pipeline-report.ts';
import { openPipelineSite, type PipelineSite, slowDown } from './pipeline-site.ts';
import { type Spent, spentBetween, spentSoFar } from './spent.ts';

/** Pairs of a window of ours and a run of the floors, in turn: a drifting machine hits both. */
const PAIRS = 7;
const DEFAULT_TAGS = 10_000;
/** Checks of a floor's run: as steady as more of them, and the whole bench ends in minutes. */
const FLOOR_CHECKS = 10_000;
/** ms of one window at full speed: some ten thousand looks. */
const WINDOW = 8_000;
/** ms of full speed after a rest, before the next window. */
const SETTLING = 2_000;

export interface Pair {
  readonly spent: Spent;
  readonly checks: number;
  readonly requests: number;
  /** s. */
  readonly took: number;
  readonly floors: FloorCosts;
  readonly floorChecks: number;
}

export interface Measured {
  readonly site: Pick<PipelineSite, 'tags' | 'interval'>;
  readonly redisVersion: string;
  readonly pairs: readonly Pair[];
  /** One interval at the steady pace. */
  readonly steady: Window;
  readonly memory: MemoryShare;
  readonly moves: Moves;
}

/**
 * What a look costs that finds nothing new: all processes of an installation in its default configuration, over what
 * its queue, its requests and its log cost alone.
 */
export async function pipelineBench(options: { readonly tags?: number }): Promise<BenchReport> {
  const site = await openPipelineSite({ tags: options.tags ?? DEFAULT_TAGS });
  try {
    const pairs: Pair[] = [];
    // One window first, for compiled code.
    await spentIn(site, WINDOW);
    const order = await floorOrder(site, FLOOR_CHECKS);
    for (let pair = 0; pair < PAIRS; pair += 1) {
      pairs.push(await measurePair(site, order));
      process.stderr.write(`pair ${pair + 1} of ${PAIRS}\n`);
    }
    await slowDown(site);
    await pause(site.interval);
    const steady = await spentIn(site, site.interval);
    const memory = await measureMemory(site);
    const moves = await measureMoves(site);
    const redisVersion = site.tagtrail.redis.server;
    return reportPipeline({ site, redisVersion, pairs, steady, memory, moves });
  } finally {
    await site[Symbol.asyncDispose]();
  }
}

async function measurePair(site: PipelineSite, order: FloorOrder): Promise<Pair> {
  const ours = await spentIn(site, WINDOW);
  // Ours rest, so that only the floors use Redis.
  for (const { child } of site.apps) child.kill('SIGSTOP');
  try {
    return { ...ours, floors: await runFloors(order), floorChecks: order.checks };
  } finally {
    for (const { child } of site.apps) child.kill('SIGCONT');
    await pause(SETTLING);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

export type Window = Omit<Pair, 'floors' | 'floorChecks'>;

/** What the installation spends in `ms`, and on how many looks. */
async function spentIn(site: PipelineSite, ms: number): Promise<Window> {
  for (const simulator of site.simulators) simulator.clearRequests();
  const before = await spentSoFar(site);
  const recorded = await recordedSoFar(site);
  const start = performance.now();
  await pause(ms);
  const took = (performance.now() - start) / 1_000;
  const after = await spentSoFar(site);
  const requests = site.simulators.reduce((sum, { requests: all }) => sum + all.length, 0);
  const spent = spentBetween(before, after);
  return { spent, requests, took, checks: (await recordedSoFar(site)) - recorded };
}

/** Looks that were ever begun, each with a fence of its own, less those whose results are not recorded yet. */
async function recordedSoFar({ redis }: PipelineSite): Promise<number> {
  const fence = Number((await redis.get('{tagtrail}:fence')) ?? 0);
  const [pending] = (await redis.xpending('{tagtrail}:results', 'status-writer')) as [number];
  return fence - pending;
}

async function runFloors(order: FloorOrder): Promise<FloorCosts> {
  const script = fileURLToPath(new URL('./floors.ts', import.meta.url));
  const child = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify(order));
  const [answer] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  return JSON.parse(answer) as FloorCosts;
}
