import type { CheckState } from '@tagtrail/image-stream';
import { openImageStreamRedis } from '@tagtrail/image-stream-redis';
import { eventually } from '../../e2e/installation.ts';
import { type PipelineSite, pipelineTag } from './pipeline-site.ts';

/** Every tenth tag moves. */
const SHARE = 10;
/** ms beyond the interval for the last move to be recorded. */
const GRACE = 30_000;
/** Streams of a page. */
const PAGE = 500;

/** How soon moves were recorded: ms from the due time of the look that found each, sorted. */
export interface Moves {
  readonly lags: readonly number[];
  readonly moved: number;
}

type Store = Awaited<ReturnType<typeof openImageStreamRedis>>;
type States = ReadonlyMap<string, CheckState>;

/** Moves every tenth tag, and waits until each move is recorded. */
export async function measureMoves(site: PipelineSite): Promise<Moves> {
  const { url } = site.tagtrail.redis;
  await using store = await openImageStreamRedis({ url, slot: 'tagtrail', name: 'bench' });
  const before = await readStates(store);
  const moved = new Map<string, string>();
  for (let index = 0; index < site.tags; index += SHARE) {
    const { simulator, repository, tag, stream } = pipelineTag(site, index);
    moved.set(`${stream}:${tag}`, simulator.push(repository, tag).digest);
  }
  const after = await eventually(async () => {
    const states = await readStates(store);
    const all = [...moved].every(([tag, digest]) => states.get(tag)?.upstreamDigest === digest);
    return all ? states : undefined;
  }, site.interval + GRACE);
  const lags = [...moved.keys()].map((tag) => {
    const late = (after.get(tag)?.lastChanged ?? 0) - (before.get(tag)?.nextDue ?? 0);
    // A look that was on its way when the tag moved found the old digest; the next one is an interval later.
    return late > site.interval ? late - site.interval : late;
  });
  return { lags: lags.toSorted((a, b) => a - b), moved: moved.size };
}

async function readStates(store: Store): Promise<States> {
  const states = new Map<string, CheckState>();
  for (let next: string | undefined = ''; next !== undefined; ) {
    const page = await store.streams.list({ limit: PAGE, ...(next ? { continue: next } : {}) });
    for (const { metadata } of page.items) {
      const checks = await store.checks.readChecks(metadata.uid ?? '');
      for (const [tag, state] of checks) states.set(`${metadata.name}:${tag}`, state);
    }
    next = page.continue;
  }
  return states;
}
