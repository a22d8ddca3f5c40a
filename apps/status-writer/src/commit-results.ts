import { recordImport, type StreamChange, type Verdict } from '@tagtrail/image-stream';
import type { DeliveredResult } from '@tagtrail/import-contract';
import { type FoldDependencies, tagOutcome } from './fold-dependencies.ts';

/** Lost races in a row before the results are left for a later delivery. */
const MAX_TRIES = 8;

/**
 * Commits the results of one stream: read, record, compare and set. Whoever wrote in between wins, and this reads
 * again. A result whose image document is gone is not recorded; its tag is looked at again from scratch.
 */
export async function commitResults(
  group: readonly DeliveredResult[],
  dependencies: FoldDependencies,
  now: number,
): Promise<void> {
  const missing = new Set<string>();
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const { verdicts, change } = await prepare(group, dependencies, { now, missing });
    const answer = await dependencies.streams.commit(change);
    if (answer.kind === 'missing-image') for (const digest of answer.digests) missing.add(digest);
    if (answer.kind !== 'committed') continue;
    dependencies.metrics.committed({ group, verdicts, history: change.history, now });
    return;
  }
  dependencies.metrics.contended();
}

interface Prepared {
  readonly verdicts: readonly Verdict[];
  readonly change: StreamChange;
}

async function prepare(
  group: readonly DeliveredResult[],
  { streams, checks, settings, historyLimit }: FoldDependencies,
  { now, missing }: { readonly now: number; readonly missing: ReadonlySet<string> },
): Promise<Prepared> {
  const [first] = group;
  if (first === undefined) throw new Error('a group of results is never empty');
  const { namespace, name, uid } = first.result.key;
  const stream = await streams.read({ namespace, name });
  const ended: StreamChange = {
    key: { namespace, name },
    before: stream,
    after: stream,
    recordUnchanged: true,
    checks: [],
    history: [],
    receipts: group.map(({ receipt }) => receipt),
  };
  if (stream === undefined || stream.metadata.uid !== uid) {
    return { verdicts: group.map(() => 'gone'), change: ended };
  }
  const known = await checks.readChecks(uid);
  const context = { checks: known, now, settings, historyLimit, missingImages: missing };
  const recorded = recordImport(stream, group.map(tagOutcome), context);
  const change: StreamChange = {
    ...ended,
    after: recorded.stream,
    recordUnchanged: !recorded.changed,
    checks: recorded.checks,
    expectedChecks: new Map(recorded.checks.map(({ tag }) => [tag, known.get(tag)])),
    history: recorded.history,
  };
  return { verdicts: recorded.verdicts, change };
}
