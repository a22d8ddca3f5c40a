import type { LogEntry, Verdict, Violation } from './facts.ts';

/** What one watcher saw between two lists. */
export interface WatchSession {
  readonly watcher: string;
  /** Version of the list that it began with. */
  readonly from: number;
  readonly seen: readonly SeenEvent[];
}

export interface SeenEvent {
  readonly type: string;
  readonly version: number;
  /** `namespace/name`. */
  readonly member: string;
  /** The object as text, its keys in order. */
  readonly text: string;
}

const INVARIANT = 'watchers saw exactly the change log';
/** Events shown on either side of the first difference. */
const AROUND = 3;

/** Each session, event by event, against the change log from where it began to where it ended. */
export function judgeWatchers(
  sessions: readonly WatchSession[],
  log: readonly LogEntry[],
): Verdict {
  return {
    invariant: INVARIANT,
    checked: sessions.reduce((sum, { seen }) => sum + seen.length, 0),
    violations: sessions.flatMap((session) => judgeSession(session, log)),
  };
}

function judgeSession(session: WatchSession, log: readonly LogEntry[]): readonly Violation[] {
  const last = session.seen.at(-1)?.version ?? session.from;
  const expected = log
    .filter(({ version }) => version > session.from && version <= last)
    .map(eventOf);
  const length = Math.max(expected.length, session.seen.length);
  for (let at = 0; at < length; at += 1) {
    const [want, got] = [expected[at], session.seen[at]];
    if (want?.text === got?.text && name(want) === name(got)) continue;
    return [difference(session, { expected, at })];
  }
  return [];
}

function difference(
  { watcher, from, seen }: WatchSession,
  { expected, at }: { readonly expected: readonly SeenEvent[]; readonly at: number },
): Violation {
  const around = (events: readonly SeenEvent[]) =>
    events.slice(Math.max(0, at - AROUND), at + AROUND).map(name);
  return {
    invariant: INVARIANT,
    words: `${watcher}, watching from ${from}, saw ${name(seen[at])} where the log has ${name(expected[at])}`,
    trace: [`log:     ${around(expected).join(', ')}`, `watcher: ${around(seen).join(', ')}`],
  };
}

function name(event: SeenEvent | undefined): string {
  return event === undefined ? 'nothing' : `${event.type} ${event.member}@${event.version}`;
}

/** The change as an unfiltered watcher must see it. */
export function eventOf({ version, member, before, after }: LogEntry): SeenEvent {
  const type = after === undefined ? 'DELETED' : before === undefined ? 'ADDED' : 'MODIFIED';
  const stream = after ?? before;
  const object = stream && {
    ...stream,
    metadata: { ...stream.metadata, resourceVersion: String(version) },
  };
  return { type, version, member, text: orderedText(object) };
}

/** JSON with the keys of every object in order, so that equal values give equal texts. */
export function orderedText(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
