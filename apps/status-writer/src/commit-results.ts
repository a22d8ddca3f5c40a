import {
  type CheckChange,
  type CheckState,
  type ImageStream,
  type RecordedImport,
  recordImport,
  type StreamChange,
} from '@tagtrail/image-stream';
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
    const { recorded, change } = await prepare(group, dependencies, { now, missing });
    const answer = await dependencies.streams.commit(change);
    if (answer.kind === 'missing-image') missing.add(answer.digest);
    if (answer.kind !== 'committed') continue;
    dependencies.metrics.committed({
      group,
      verdicts: recorded?.verdicts ?? group.map(() => 'gone'),
      history: change.history,
      now,
    });
    return;
  }
  dependencies.metrics.contended();
}

interface Prepared {
  readonly recorded: RecordedImport | undefined;
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
  const key = { namespace, name };
  const receipts = group.map(({ receipt }) => receipt);
  const stream = await streams.read(key);
  const ended = {
    key,
    before: stream,
    after: stream,
    recordUnchanged: true,
    checks: [],
    history: [],
    receipts,
  };
  if (stream === undefined || stream.metadata.uid !== uid)
    return { recorded: undefined, change: ended };
  const known = await checks.readChecks(uid);
  const usable = group.filter(
    ({ result: { outcome } }) => outcome.kind === 'failed' || !missing.has(outcome.image),
  );
  const recorded = recordImport(stream, usable.map(tagOutcome), {
    checks: known,
    now,
    settings,
    historyLimit,
  });
  const relooked = relook(
    group.filter((one) => !usable.includes(one)),
    known,
    now,
  );
  return { recorded, change: changeOf(stream, recorded, { ended, known, relooked }) };
}

function changeOf(
  stream: ImageStream,
  recorded: RecordedImport,
  {
    ended,
    known,
    relooked,
  }: {
    readonly ended: StreamChange;
    readonly known: ReadonlyMap<string, CheckState>;
    readonly relooked: readonly CheckChange[];
  },
): StreamChange {
  const checks = [...recorded.checks, ...relooked];
  return {
    ...ended,
    before: stream,
    after: recorded.stream,
    recordUnchanged: !recorded.changed,
    checks,
    expectedChecks: new Map(checks.map(({ tag }) => [tag, known.get(tag)] as const)),
    history: recorded.history,
  };
}

/** Forgets what was known, so that the next look brings the document again. */
function relook(
  group: readonly DeliveredResult[],
  known: ReadonlyMap<string, CheckState>,
  now: number,
): readonly CheckChange[] {
  const tags = new Set(group.map(({ result }) => result.key.tag));
  return [...tags].flatMap((tag) => {
    const state = known.get(tag);
    if (state === undefined) return [];
    return [
      {
        tag,
        state: {
          ...state,
          upstreamDigest: null,
          image: null,
          nextDue: state.suspended ? null : now,
        },
      },
    ];
  });
}
