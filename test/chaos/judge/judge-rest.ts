import type { ImageStream, TagEvent } from '@tagtrail/image-stream';
import type { Fault, LedgerLine, LogEntry, Verdict } from './facts.ts';
import { verdict } from './judge-log.ts';
import type { TagLife } from './tag-life.ts';
import { traceOf } from './trace.ts';

/** Everything that is left when the storm is over and nothing moves any more. */
export interface Rest {
  readonly streams: readonly ImageStream[];
  /** `namespace/name:tag` → whole history, newest first. */
  readonly histories: ReadonlyMap<string, readonly TagEvent[]>;
  /** `namespace/name:tag` → when it is due by its check state, ms, and where. */
  readonly checks: ReadonlyMap<string, CheckLeft>;
  /** Outcome → how many tags have it, as Redis counts them; empty when it does not. */
  readonly outcomes: ReadonlyMap<string, number>;
  readonly schedule: ScheduleIndex;
  /** What waits or runs in any queue, and what is left of jobs that no list holds. */
  readonly queued: readonly string[];
  readonly results: { readonly lag: number; readonly pending: number };
}

export interface CheckLeft {
  readonly host: string;
  readonly nextDue: number | null;
  readonly outcome: string;
}

export interface ScheduleIndex {
  /** host → earliest due time. */
  readonly hosts: ReadonlyMap<string, number>;
  /** host → member → due time. */
  readonly due: ReadonlyMap<string, ReadonlyMap<string, number>>;
  readonly leases: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

export interface RestContext {
  readonly ledger: readonly LedgerLine[];
  readonly log: readonly LogEntry[];
  readonly faults: readonly Fault[];
}

/** The records, the schedule, the queue and the stream, once everything has come to rest. */
export function judgeRest(
  rest: Rest,
  lives: readonly TagLife[],
  context: RestContext,
): readonly Verdict[] {
  const { queued, results, schedule } = rest;
  const { lag, pending } = results;
  const stuck = lag + pending === 0 ? [] : [`lag ${lag}, pending ${pending}`];
  return [
    judgeRecords(rest, lives, context),
    judgeWholeHistories(rest, lives),
    verdict('nothing is stuck in the queue', queued.length + 1, queued),
    verdict('nothing is stuck in the stream of results', 1, stuck),
    verdict('the schedule index equals the check states', rest.checks.size, scheduleFaults(rest)),
    verdict('every lease is over', schedule.hosts.size, leaseFaults(schedule)),
    verdict('outcomes are counted as they are', rest.outcomes.size, outcomeFaults(rest)),
  ];
}

function judgeRecords(rest: Rest, lives: readonly TagLife[], context: RestContext): Verdict {
  const invariant = "each tag's record equals the registry";
  const living = lives.filter((life) => life.lives);
  const violations = living.flatMap((life) => {
    const recorded = headOf(rest.streams, life);
    const source = life.chapters.at(-1)?.source;
    const stands = context.ledger.findLast((line) => line.source === source);
    const wanted = stands?.digest ?? recorded;
    if (wanted === recorded) return [];
    const words = `${life.member} is ${recorded ?? 'empty'}, and ${source} is ${wanted}`;
    const from = (stands?.at ?? 0) - 5_000;
    return [{ invariant, words, trace: traceOf(life, context, { from, to: Infinity }) }];
  });
  return { invariant, checked: living.length, violations };
}

function headOf(streams: readonly ImageStream[], life: TagLife): string | undefined {
  const stream = streams.find(({ metadata }) => metadata.uid === life.uid);
  return stream?.status.tags?.find(({ tag }) => tag === life.tag)?.items?.[0]?.image;
}

function judgeWholeHistories({ histories }: Rest, lives: readonly TagLife[]): Verdict {
  const wrong = lives.flatMap(({ lives: isAlive, member, recorded }) => {
    if (!isAlive) return [];
    const kept = (histories.get(member) ?? []).map(({ image }) => image).toReversed();
    const logged = recorded.map(({ digest }) => digest);
    return kept.join() === logged.join()
      ? []
      : [`${member} keeps ${brief(kept)}, and the log says ${brief(logged)}`];
  });
  return verdict('whole histories equal the change log', histories.size, wrong);
}

/** Enough to tell digests apart. */
function brief(digests: readonly string[]): string {
  return digests.map((one) => one.slice('sha256:'.length, 17)).join(' ');
}

function scheduleFaults({ checks, schedule }: Rest): readonly string[] {
  const placed = new Map(
    [...schedule.due].flatMap(([host, members]) =>
      [...members].map(([member, due]) => [`${host} ${member}`, due] as const),
    ),
  );
  const wanted = new Map(
    [...checks].flatMap(([member, { host, nextDue }]) =>
      nextDue === null ? [] : [[`${host} ${member}`, nextDue] as const],
    ),
  );
  const missing = [...wanted].filter(([name, due]) => placed.get(name) !== due);
  const surplus = [...placed].filter(([name]) => !wanted.has(name));
  return [
    ...missing.map(([name, due]) => `${name} is due at ${due}; the index says ${placed.get(name)}`),
    ...surplus.map(([name]) => `${name} is in the index, and no check state wants it`),
    ...hostFaults(schedule),
  ];
}

function hostFaults({ hosts, due }: ScheduleIndex): readonly string[] {
  const names = new Set([...hosts.keys(), ...due.keys()]);
  return [...names].flatMap((host) => {
    const times = [...(due.get(host)?.values() ?? [])];
    const earliest = times.length === 0 ? undefined : Math.min(...times);
    return earliest === hosts.get(host)
      ? []
      : [`host ${host} is noted for ${hosts.get(host)}, its earliest tag for ${earliest}`];
  });
}

function leaseFaults({ leases }: ScheduleIndex): readonly string[] {
  return [...leases].flatMap(([host, members]) =>
    [...members].map(([member, end]) => `${host} ${member} has a lease until ${end}`),
  );
}

function outcomeFaults({ checks, outcomes }: Rest): readonly string[] {
  if (outcomes.size === 0) return [];
  const counts = new Map<string, number>();
  for (const { outcome } of checks.values()) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return [...new Set([...counts.keys(), ...outcomes.keys()])].flatMap((outcome) => {
    const [held, counted] = [counts.get(outcome) ?? 0, outcomes.get(outcome) ?? 0];
    return held === counted ? [] : [`${held} tags are ${outcome}, and ${counted} are counted`];
  });
}
