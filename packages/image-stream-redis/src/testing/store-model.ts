import {
  type CheckState,
  type CommitResult,
  type ImageStream,
  LISTING_TAG,
  type StreamChange,
  type StreamEvent,
  type TagEvent,
  type Touch,
} from '@tagtrail/image-stream';

interface Host {
  readonly due: Map<string, number>;
  readonly leases: Map<string, number>;
}

/** What the store promises, in memory and without Redis: one call after the other, each whole or not at all. */
export class StoreModel {
  readonly streams = new Map<string, ImageStream>();
  /** By uid and tag. */
  readonly checks = new Map<string, Map<string, CheckState>>();
  /** By `uid:tag`, newest first. */
  readonly history = new Map<string, TagEvent[]>();
  readonly events: StreamEvent[] = [];
  readonly hosts = new Map<string, Host>();
  #version = 0;

  commit(change: StreamChange): CommitResult {
    const name = change.key.name;
    const current = this.streams.get(name);
    const uid = (change.after ?? change.before)?.metadata.uid ?? '';
    const known = this.checks.get(uid) ?? new Map<string, CheckState>();
    const expected = change.before?.metadata.resourceVersion;
    if (current?.metadata.resourceVersion !== expected) return { kind: 'conflict' };
    for (const [tag, state] of change.expectedChecks ?? []) {
      if (!isSame(known.get(tag), state)) return { kind: 'conflict' };
    }
    const stream = this.#write(change, current);
    this.checks.set(uid, known);
    this.#follow(change, known, uid);
    if (change.after === undefined) this.checks.delete(uid);
    const resourceVersion = stream?.metadata.resourceVersion ?? String(this.#version);
    return { kind: 'committed', stream, resourceVersion };
  }

  touch({ key, before, after }: Touch): 'touched' | 'conflict' {
    const known = this.checks.get(key.uid);
    if (known === undefined || !isSame(known.get(key.tag), before)) return 'conflict';
    known.set(key.tag, after);
    this.#place(after.host, `demo/${key.name}:${key.tag}`, after.nextDue);
    return 'touched';
  }

  /** How many tags have which outcome. */
  outcomes(): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    const states = [...this.checks.values()].flatMap((known) => [...known]);
    for (const [tag, { outcome }] of states) {
      if (tag !== LISTING_TAG) counts[outcome] = (counts[outcome] ?? 0) + 1;
    }
    return counts;
  }

  /** Everything that is due, host by host; answers the members taken. */
  claim(now: number, lease: number): readonly string[] {
    const taken: string[] = [];
    for (const { due, leases } of this.hosts.values()) {
      for (const [member, at] of [...due].filter(([, at]) => at <= now)) {
        if (at > now) continue;
        due.set(member, now + lease);
        leases.set(member, now + lease);
        taken.push(member);
      }
    }
    return taken.sort();
  }

  #write(change: StreamChange, current: ImageStream | undefined): ImageStream | undefined {
    const { key, after } = change;
    if (change.recordUnchanged === true) return current;
    this.#version += 1;
    const resourceVersion = String(this.#version);
    const stream = after && { ...after, metadata: { ...after.metadata, resourceVersion } };
    // The log holds objects without a version of their own: the entry's is theirs.
    const before = current && { ...current, metadata: { ...current.metadata, resourceVersion } };
    this.events.push({ resourceVersion, key, before, after: stream });
    if (stream === undefined) this.streams.delete(key.name);
    else this.streams.set(key.name, stream);
    return stream;
  }

  #follow({ key, checks, history }: StreamChange, known: Map<string, CheckState>, uid: string) {
    for (const { tag, state, previousHost } of checks) {
      const member = `demo/${key.name}:${tag}`;
      if (previousHost !== undefined) this.#place(previousHost, member, null);
      if (state === null) known.delete(tag);
      else known.set(tag, state);
      if (state !== null) this.#place(state.host, member, state.nextDue);
    }
    for (const { tag, kind, event } of history) {
      const events = this.history.get(`${uid}:${tag}`) ?? [];
      const rest = kind === 'amend' ? events.slice(1) : events;
      this.history.set(`${uid}:${tag}`, [event, ...rest]);
    }
  }

  #place(name: string, member: string, at: number | null): void {
    const host = this.hosts.get(name) ?? { due: new Map(), leases: new Map() };
    this.hosts.set(name, host);
    host.leases.delete(member);
    if (at === null) host.due.delete(member);
    else host.due.set(member, at);
  }
}

function isSame(a: CheckState | undefined, b: CheckState | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return (Object.keys(a) as (keyof CheckState)[]).every((key) => a[key] === b[key]);
}
