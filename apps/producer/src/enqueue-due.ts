import type { ClaimedTag, ImportSchedule } from '@tagtrail/image-stream';
import type { ImportQueue } from '@tagtrail/import-contract';
import { type DecideDependencies, decideClaims } from './decide-claims.ts';

/** Streams read at a time: a record may have some MB. */
const STREAMS_AT_A_TIME = 32;

export interface EnqueueDependencies extends DecideDependencies {
  readonly schedule: Pick<ImportSchedule, 'claim' | 'release' | 'forget'>;
  readonly queue: Pick<ImportQueue, 'enqueue'>;
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
  /**
   * What is due and was left: nothing, what a host's cap keeps back until leases end, or what had no room in a full
   * batch and can be had at once.
   */
  readonly left: 'nothing' | 'capped' | 'backlog';
}

/**
 * One round: claim what is due, read it, enqueue one job per tag. A tag whose entry in the schedule is not backed by
 * its record (a crash between two writes, an edit in this moment) is put where the record says.
 */
export async function enqueueDue(
  dependencies: EnqueueDependencies,
  limits: EnqueueLimits,
): Promise<EnqueuedRound> {
  const { schedule } = dependencies;
  const { now, lease, perHost, batch } = limits;
  const { tags, more } = await schedule.claim({ now, lease, perHost, limit: batch });
  const streams = [...groupByStream(tags).values()];
  let enqueued = 0;
  for (let at = 0; at < streams.length; at += STREAMS_AT_A_TIME) {
    const part = streams.slice(at, at + STREAMS_AT_A_TIME);
    try {
      enqueued += await enqueuePart(part, dependencies, now);
    } catch (error) {
      const unserved = streams.slice(at).flat();
      // Without the store either, their leases have to run out.
      await schedule.release(unserved.map(dueAgain)).catch(() => undefined);
      throw error;
    }
  }
  return { enqueued, left: more ? (tags.length < batch ? 'capped' : 'backlog') : 'nothing' };
}

/** Answers how many jobs were enqueued. */
async function enqueuePart(
  streams: readonly (readonly ClaimedTag[])[],
  dependencies: EnqueueDependencies,
  now: number,
): Promise<number> {
  const { queue, schedule } = dependencies;
  const decided = await Promise.all(
    streams.map((claims) => decideClaims(claims, dependencies, now)),
  );
  const decisions = decided.flat();
  const imports = decisions.flatMap(({ decision }) =>
    decision.kind === 'import' ? [decision.queued] : [],
  );
  if (imports.length > 0) await queue.enqueue(imports);
  const later = decisions.flatMap(({ claim, decision }) =>
    decision.kind === 'later' ? [{ claim, at: decision.at }] : [],
  );
  const forgotten = decisions.filter(({ decision }) => decision.kind === 'forget');
  if (later.length > 0) await schedule.release(later);
  if (forgotten.length > 0) await schedule.forget(forgotten.map(({ claim }) => claim));
  return imports.length;
}

/** As it was before the claim. */
function dueAgain(claim: ClaimedTag) {
  return { claim, at: claim.dueAt };
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
