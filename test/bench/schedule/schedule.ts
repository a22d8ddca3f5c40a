import type { BenchReport } from '../bench-report.ts';
import { describeMachine } from '../machine.ts';
import { type MeasuredSize, reportSchedule } from './schedule-report.ts';
import { openScheduleSite, type ScheduleSite, type Turn } from './schedule-site.ts';
import { TAGS_PER_STREAM } from './seeded-stream.ts';

/** Due tags of the largest schedule; the others have a tenth and a hundredth. */
const DEFAULT_TAGS = 1_000_000;
/** Registries of the first run, in which every round claims from many. */
const MANY_HOSTS = 20;
/** The smaller schedules get a turn whenever the largest has had so many: a drifting machine hits all alike. */
const TURNS_EACH = 4;
/** Tags of every schedule before the first that counts: compiled code and a heap of its final size. */
const WARM_UP_TAGS = 20_000;
/**
 * Of the due tags: when more turns than this have not had every one of them, one is missing. Registries take turns, so one
 * of them may be ahead.
 */
const MOST_TAKEN = 2;
/** Turns of the run with one host: it is about the cost of a long line, not about a whole sweep. */
const TURNS_ONE_HOST = 60;

/**
 * What the producer costs per due tag, whatever the size of the backlog: three schedules in which everything is due,
 * each with a Redis and a producer of its own, take turns. Workers are stood in for by a drain, which runs while the
 * producer is stopped.
 */
export async function scheduleBench({
  tags = DEFAULT_TAGS,
}: {
  readonly tags?: number;
}): Promise<BenchReport> {
  const sizes = [tags / 100, tags / 10, tags].map((size) => wholeStreams(Math.max(1_000, size)));
  const many = await measure(sizes, MANY_HOSTS);
  // The line of a single host is long enough with a tenth.
  const one = await measure(sizes.slice(0, -1), 1, TURNS_ONE_HOST);
  const command = `pnpm bench schedule${tags === DEFAULT_TAGS ? '' : ` --tags ${tags}`}`;
  const measured = { hosts: MANY_HOSTS, many: many.sizes, one: one.sizes };
  return reportSchedule(measured, describeMachine(many.redisServer, command));
}

function wholeStreams(tags: number): number {
  return Math.ceil(tags / TAGS_PER_STREAM) * TAGS_PER_STREAM;
}

interface Sizes {
  readonly redisServer: string;
  readonly sizes: readonly MeasuredSize[];
}

/** The largest has `turns` turns; without a number, as many as enqueue every tag of it. */
async function measure(sizes: readonly number[], hosts: number, turns?: number): Promise<Sizes> {
  const names = Array.from({ length: hosts }, (_, at) => `registry-${at}.example.com`);
  await using opened = new AsyncDisposableStack();
  const sites: ScheduleSite[] = [];
  for (const size of sizes) {
    progress(`${hosts} host(s): writing ${size} due tags`);
    sites.push(opened.use(await openScheduleSite(size, names)));
  }
  for (const site of sites) {
    for (let tags = 0; tags < WARM_UP_TAGS; ) tags += (await site.turn()).tags;
    site.beginSweep();
  }
  const measured = sites.map((site) => ({
    site,
    turns: [] as Turn[],
    memory: [site.residentBytes()],
  }));
  await takeTurns(measured, turns);
  return {
    redisServer: sites[0]?.redisServer ?? '',
    sizes: measured.map(({ site, turns, memory }) => ({ due: site.due, turns, memory })),
  };
}

interface Measuring {
  readonly site: ScheduleSite;
  readonly turns: Turn[];
  readonly memory: number[];
}

async function takeTurns(measured: readonly Measuring[], most?: number): Promise<void> {
  const largest = measured.at(-1);
  if (largest === undefined) return;
  const { site, turns } = largest;
  const isDone = () => (most === undefined ? site.distinct() === site.due : turns.length >= most);
  for (let round = 0; !isDone(); round += 1) {
    const all = round % TURNS_EACH === 0 ? measured : [largest];
    for (const one of all) {
      one.turns.push(await one.site.turn());
      one.memory.push(one.site.residentBytes());
    }
    if (round % 50 === 0) progress(`${site.distinct()} of ${site.due} enqueued`);
    if (most === undefined) refuseEndless(largest);
  }
}

/** A tag that is due and never enqueued would keep the bench going for ever. */
function refuseEndless({ site, turns }: Measuring): void {
  const taken = turns.reduce((sum, { tags }) => sum + tags, 0);
  if (taken > site.due * MOST_TAKEN)
    throw new Error(`${site.due - site.distinct()} due tags were never enqueued`);
}

function progress(line: string): void {
  process.stderr.write(`${line}\n`);
}
