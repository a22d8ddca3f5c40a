import { until } from '../installation/until.ts';
import { NAMESPACE, STREAMS } from '../plan/world.ts';
import { ledgerOf, type Stage } from './stage.ts';
import type { StreamDesk } from './stream-desk.ts';
import type { Watcher } from './watcher.ts';

/** ms until all processes run again. */
const ALL_UP = 20_000;
/**
 * ms until every tag has been looked at again. A job of a worker that was killed last comes back when its lock of 30 s has
 * run out and somebody has looked twice, 15 s apart.
 */
const ALL_SEEN = 75_000;
/** ms until queue and results are empty once nothing is added. */
const EMPTY = 60_000;
/** ms until the watchers have the last change. */
const WATCHED = 15_000;

/** What did not come to rest in time, in words; empty when all is well. */
export async function settle(
  stage: Stage,
  desk: StreamDesk,
  watchers: readonly Watcher[],
): Promise<readonly string[]> {
  const late: string[] = [];
  const expect = async (words: string, limit: number, look: () => Promise<boolean> | boolean) => {
    const start = performance.now();
    const come = await until(
      async () => stage.signal.aborted || (await look()) || undefined,
      limit,
    );
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    if (come === undefined) late.push(`${words}: not within ${seconds} s`);
    else stage.book.note(`rest: ${words} after ${seconds} s`);
  };
  await expect('every process runs', ALL_UP, () =>
    stage.roster.slots.every(({ state }) => state === 'running'),
  );
  for (const stream of STREAMS) {
    await desk.create(stream);
    await desk.suspend(stream, false);
  }
  const storm = Date.now();
  await expect('every tag is looked at again and equals the registry', ALL_SEEN, () =>
    allSeen(stage, storm),
  );
  await Promise.all(stage.roster.of('producer').map((slot) => slot.close()));
  await expect('queue and results are empty', EMPTY, () => isEmpty(stage));
  await stage.watch.look();
  const last = stage.watch.log.at(-1)?.version ?? 0;
  await expect('every watcher has the last change', WATCHED, () =>
    watchers.every(({ version }) => version >= last),
  );
  return late;
}

/** Every tag was looked at after `since`, and the registries' answers are recorded. */
async function allSeen(stage: Stage, since: number): Promise<boolean> {
  const [client] = stage.clients;
  if (client === undefined) return false;
  const checks = await client.checks.list({ namespace: NAMESPACE });
  const tags = checks.items.flatMap(({ tags: all }) => all);
  if (tags.length === 0 || !tags.every((tag) => Date.parse(tag.lastChecked ?? '') > since)) {
    return false;
  }
  const ledger = new Map(ledgerOf(stage).map(({ source, digest }) => [source, digest]));
  const { items } = await client.streams.listAll({ namespace: NAMESPACE });
  return items.every(({ spec, status }) =>
    (spec.tags ?? []).every(({ name, from }) => {
      const wanted = ledger.get(from?.name ?? '');
      const head = status.tags?.find(({ tag }) => tag === name)?.items?.[0]?.image;
      return wanted === undefined || wanted === head;
    }),
  );
}

async function isEmpty({ clients }: Stage): Promise<boolean> {
  const [client] = clients;
  if (client === undefined) return false;
  const { queue, requested, results } = await client.queueMetrics();
  const jobs = [queue, requested].map(({ waiting, active, delayed }) => waiting + active + delayed);
  return Math.max(...jobs) + results.pending + Math.max(0, results.lag) === 0;
}
