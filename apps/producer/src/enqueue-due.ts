import {
  type CheckStore,
  type ClaimedTag,
  dueReason,
  type ImageStream,
  type ImageStreamStore,
  type ImportSchedule,
  isImportable,
} from '@tagtrail/image-stream';
import { createImportJob, type ImportQueue, type QueuedImport } from '@tagtrail/import-contract';

export interface EnqueueDependencies {
  readonly streams: Pick<ImageStreamStore, 'read'>;
  readonly checks: CheckStore;
  readonly schedule: ImportSchedule;
  readonly queue: ImportQueue;
}

export interface EnqueueLimits {
  /** ms since the epoch. */
  readonly now: number;
  /** ms that a job may take before its tag is due again. */
  readonly lease: number;
  /** Jobs in flight per registry host. */
  readonly perHost: number;
  /** Tags taken in one round. */
  readonly batch: number;
}

export interface EnqueuedRound {
  readonly enqueued: number;
  /** Something due was left because of a cap: look again soon. */
  readonly more: boolean;
}

/** What a claimed tag turned out to need. */
type Decision =
  | { readonly kind: 'import'; readonly queued: QueuedImport }
  | { readonly kind: 'later'; readonly at: number }
  | { readonly kind: 'forget' };

/**
 * One round: claim what is due, read it, enqueue one job per tag. A tag whose entry in the schedule is not backed by
 * its record (a crash between two writes, an edit in this moment) is put where the record says.
 */
export async function enqueueDue(
  dependencies: EnqueueDependencies,
  limits: EnqueueLimits,
): Promise<EnqueuedRound> {
  const { now, lease, perHost, batch } = limits;
  const claimed = await dependencies.schedule.claim({ now, lease, perHost, limit: batch });
  const streams = [...groupByStream(claimed.tags).values()];
  const decided = await Promise.all(streams.map((tags) => decideStream(dependencies, tags, now)));
  const decisions = decided.flat();
  const imports = decisions.flatMap(({ decision }) =>
    decision.kind === 'import' ? [decision.queued] : [],
  );
  if (imports.length > 0) await dependencies.queue.enqueue(imports);
  await settle(dependencies.schedule, decisions);
  return { enqueued: imports.length, more: claimed.more };
}

interface Decided {
  readonly claim: ClaimedTag;
  readonly decision: Decision;
}

async function decideStream(
  { streams, checks }: EnqueueDependencies,
  claims: readonly ClaimedTag[],
  now: number,
): Promise<readonly Decided[]> {
  const [first] = claims;
  const stream = first && (await streams.read({ namespace: first.namespace, name: first.name }));
  if (stream === undefined) return claims.map((claim) => ({ claim, decision: { kind: 'forget' } }));
  const uid = stream.metadata.uid ?? '';
  const states = await checks.readCheck(
    claims.map(({ namespace, name, tag }) => ({ namespace, name, uid, tag })),
  );
  return claims.map((claim, index) => ({
    claim,
    decision: decide(stream, claim, { state: states[index], now }),
  }));
}

function decide(
  stream: ImageStream,
  claim: ClaimedTag,
  { state, now }: { state: Parameters<typeof dueReason>[0] | undefined; now: number },
): Decision {
  const tag = stream.spec.tags?.find((entry) => entry.name === claim.tag);
  if (tag === undefined || state === undefined || !isImportable(tag)) return { kind: 'forget' };
  if (state.host !== claim.host || state.nextDue === null) return { kind: 'forget' };
  const reason = dueReason(state, now);
  if (reason === undefined) return { kind: 'later', at: state.nextDue };
  const dueAt = state.nextDue;
  const job = createImportJob({ stream, tag, state, reason, dueAt, now });
  return { kind: 'import', queued: { job, leaseExpired: claim.leaseExpired } };
}

async function settle(schedule: ImportSchedule, decisions: readonly Decided[]): Promise<void> {
  const entry = ({ claim: { namespace, name, tag, host } }: Decided) => {
    return { key: { namespace, name }, tag, host };
  };
  const later = decisions.flatMap((decided) =>
    decided.decision.kind === 'later' ? [{ ...entry(decided), at: decided.decision.at }] : [],
  );
  const forgotten = decisions.filter(({ decision }) => decision.kind === 'forget').map(entry);
  if (later.length > 0) await schedule.release(later);
  if (forgotten.length > 0) await schedule.forget(forgotten);
}

function groupByStream(tags: readonly ClaimedTag[]): ReadonlyMap<string, readonly ClaimedTag[]> {
  const groups = new Map<string, ClaimedTag[]>();
  for (const tag of tags) {
    const name = `${tag.namespace}/${tag.name}`;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [tag]);
    else group.push(tag);
  }
  return groups;
}
