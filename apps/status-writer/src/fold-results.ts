import {
  type CheckState,
  leavesRecordAlone,
  nextCheck,
  type ScheduleSettings,
  type Touch,
} from '@tagtrail/image-stream';
import type { DeliveredResult } from '@tagtrail/import-contract';
import { commitResults } from './commit-results.ts';
import { type FoldDependencies, tagOutcome } from './fold-dependencies.ts';

/** Streams written at a time: enough to hide round trips, few enough to leave Redis to others. */
const STREAMS_AT_A_TIME = 16;

/**
 * Folds a batch: what changes no record is touched in one script, the rest is committed stream by stream.
 * Results stay unacknowledged, and are delivered again, when a write fails.
 */
export async function foldResults(
  delivered: readonly DeliveredResult[],
  dependencies: FoldDependencies,
  now: number,
): Promise<void> {
  const left = await touchUnchanged(delivered, dependencies, now);
  const groups = [...groupByStream(left).values()];
  for (let at = 0; at < groups.length; at += STREAMS_AT_A_TIME) {
    const part = groups.slice(at, at + STREAMS_AT_A_TIME);
    await Promise.all(part.map((group) => commitResults(group, dependencies, now)));
  }
}

/** Answers what was not touched: it needs a commit. */
async function touchUnchanged(
  delivered: readonly DeliveredResult[],
  { checks, metrics, settings }: FoldDependencies,
  now: number,
): Promise<readonly DeliveredResult[]> {
  const candidates = firstPerTag(
    delivered.filter(({ result }) => result.outcome.kind === 'unchanged'),
  );
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
  const done = new Set(touched.filter((_, index) => answers[index] === 'touched'));
  metrics.touched(done.size);
  return delivered.filter((one) => !done.has(one));
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

/** Two looks at one tag in a batch are compared by the commit, which knows their order. */
function firstPerTag(delivered: readonly DeliveredResult[]): readonly DeliveredResult[] {
  const seen = new Map<string, DeliveredResult>();
  for (const one of delivered) {
    const name = `${one.result.key.uid}:${one.result.key.tag}`;
    if (!seen.has(name)) seen.set(name, one);
  }
  return [...seen.values()];
}

function groupByStream(
  delivered: readonly DeliveredResult[],
): ReadonlyMap<string, readonly DeliveredResult[]> {
  const groups = new Map<string, DeliveredResult[]>();
  for (const one of delivered) {
    const group = groups.get(one.result.key.uid);
    if (group === undefined) groups.set(one.result.key.uid, [one]);
    else group.push(one);
  }
  return groups;
}
