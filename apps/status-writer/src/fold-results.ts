import {
  type CheckState,
  type ImportOutcome,
  leavesRecordAlone,
  nextCheck,
  type ScheduleSettings,
  StoreError,
  type Touch,
} from '@tagtrail/image-stream';
import type { DeliveredListing, DeliveredResult, ResultBatch } from '@tagtrail/import-contract';
import { describeError } from '@tagtrail/observability';
import { commitResults } from './commit-results.ts';
import { type FoldDependencies, tagOutcome } from './fold-dependencies.ts';
import type { StreamGroup } from './prepare-commit.ts';

/** Streams written at a time: enough to hide round trips, few enough to leave Redis to others. */
const STREAMS_AT_A_TIME = 16;

/** Outcomes that may change no record. */
const TOUCHING: ReadonlySet<ImportOutcome['kind']> = new Set(['unchanged', 'postponed']);

/** What a read of the log brought that can be folded. */
export type DeliveredBatch = Pick<ResultBatch, 'results' | 'listings'>;

/**
 * Folds a batch: what changes no record is touched in one script, the rest is committed stream by stream. Results stay
 * unacknowledged, and are delivered again, when a write fails; a stream that is no good keeps nobody from the others.
 * @throws StoreError `unavailable`, when all that could be written is
 */
export async function foldResults(
  { results, listings }: DeliveredBatch,
  dependencies: FoldDependencies,
  now: number,
): Promise<void> {
  const left = await touchUnchanged(results, dependencies, now);
  const groups = groupByStream({ results: left, listings });
  for (let at = 0; at < groups.length; at += STREAMS_AT_A_TIME) {
    const part = groups.slice(at, at + STREAMS_AT_A_TIME);
    const ends = await Promise.allSettled(
      part.map((group) => commitResults(group, dependencies, now)),
    );
    for (const [index, end] of ends.entries()) {
      const group = part[index];
      if (end.status === 'rejected' && group) report(end.reason, group, dependencies);
    }
  }
}

/** An outage concerns every stream and is thrown; anything else concerns this one, and only it is told. */
function report(
  error: unknown,
  { key, results, listings }: StreamGroup,
  { logger }: FoldDependencies,
): void {
  if (error instanceof StoreError && error.retryable) throw error;
  const lost = results.length + listings.length;
  logger.error(
    { stream: `${key.namespace}/${key.name}`, results: lost, err: describeError(error) },
    'the results of a stream were not written; they are delivered again',
  );
}

/** Answers what was not touched: it needs a commit. */
async function touchUnchanged(
  delivered: readonly DeliveredResult[],
  dependencies: FoldDependencies,
  now: number,
): Promise<readonly DeliveredResult[]> {
  const candidates = onlyOfTheirTag(delivered).filter(
    ({ result }) => TOUCHING.has(result.outcome.kind) && result.request === undefined,
  );
  try {
    const done = await touchAll(candidates, dependencies, now);
    const looks = [...done].filter(({ result }) => result.outcome.kind !== 'postponed');
    dependencies.metrics.touched({ recorded: looks.length, postponed: done.size - looks.length });
    return delivered.filter((one) => !done.has(one));
  } catch (error) {
    if (error instanceof StoreError && error.code === 'damaged') return delivered;
    throw error;
  }
}

async function touchAll(
  candidates: readonly DeliveredResult[],
  { checks, settings }: FoldDependencies,
  now: number,
): Promise<ReadonlySet<DeliveredResult>> {
  const states = await checks.readCheck(candidates.map(({ result }) => result.key));
  const touched: DeliveredResult[] = [];
  const touches: Touch[] = [];
  for (const [index, one] of candidates.entries()) {
    const touch = touchOf(one, states[index], { now, settings });
    if (touch === undefined) continue;
    touched.push(one);
    touches.push(touch);
  }
  const answers = touches.length > 0 ? await checks.touch(touches) : [];
  return new Set(touched.filter((_, index) => answers[index] === 'touched'));
}

function touchOf(
  one: DeliveredResult,
  before: CheckState | undefined,
  context: { readonly now: number; readonly settings: ScheduleSettings },
): Touch | undefined {
  const accepted = tagOutcome(one);
  if (before === undefined || !leavesRecordAlone(before, accepted)) return undefined;
  const after = nextCheck(before, accepted, context);
  return { key: one.result.key, before, after, receipt: one.receipt };
}

/** Several looks at one tag in a batch go through a commit together, which counts them in the order of their fences. */
function onlyOfTheirTag(delivered: readonly DeliveredResult[]): readonly DeliveredResult[] {
  const looks = new Map<string, number>();
  for (const one of delivered) looks.set(nameOf(one), (looks.get(nameOf(one)) ?? 0) + 1);
  return delivered.filter((one) => looks.get(nameOf(one)) === 1);
}

function nameOf({ result: { key } }: DeliveredResult): string {
  return `${key.uid}:${key.tag}`;
}

function groupByStream({ results, listings }: DeliveredBatch): readonly StreamGroup[] {
  const groups = new Map<string, Mutable>();
  const groupOf = ({ namespace, name, uid }: StreamGroup['key']): Mutable => {
    const known = groups.get(uid) ?? { key: { namespace, name, uid }, results: [], listings: [] };
    groups.set(uid, known);
    return known;
  };
  for (const one of results) groupOf(one.result.key).results.push(one);
  for (const one of listings) groupOf(one.result.key).listings.push(one);
  return [...groups.values()];
}

interface Mutable extends StreamGroup {
  readonly results: DeliveredResult[];
  readonly listings: DeliveredListing[];
}
