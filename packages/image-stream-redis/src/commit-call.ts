import type { StreamChange } from '@tagtrail/image-stream';
import { encodeObject, encodeRecord } from './encode-record.ts';
import { formatMember, formatTagMember, type RecordKeys } from './keys.ts';
import { CHANGE_LOG_BYTES, GONE_LIFE } from './limits.ts';
import { packCheckState } from './pack-check-state.ts';
import { packTagEvent } from './pack-tag-event.ts';

/** What a commit must know of the store beyond the change itself; all of it is compared or immutable. */
export interface CommitContext {
  /** Stored texts of check states that nobody can read: they count as absent, and a commit may replace them. */
  readonly unreadable: ReadonlyMap<string, string>;
  /** Per image of an event, the images it is made of. */
  readonly parts: ReadonlyMap<string, readonly string[]>;
}

/** Lays out KEYS and ARGV in the order that commit.lua takes them. */
export class CommitCall {
  readonly keys: string[];
  readonly arguments: (string | number)[];
  readonly #names: RecordKeys;
  readonly #change: StreamChange;
  readonly #context: CommitContext;
  readonly #uid: string;

  constructor(names: RecordKeys, change: StreamChange, context: CommitContext) {
    this.#names = names;
    this.#change = change;
    this.#context = context;
    this.#uid = (change.after ?? change.before)?.metadata.uid ?? '';
    const { version, log, logBytes, hosts, deleted } = names;
    const record = names.record(change.key);
    const checks = names.checks(this.#uid);
    const histories = names.histories(this.#uid);
    const all = [version, record, names.names, log, logBytes, checks, hosts, deleted, histories];
    this.keys = [...all, names.gone(this.#uid), names.outcomes];
    this.arguments = this.#header();
    const uses = this.#uses();
    this.#openSlots();
    this.#expectations(uses);
    this.#record();
    this.#checks();
    this.#history(uses);
    this.#receipts();
    this.#replies();
  }

  #header(): string[] {
    const { before, after, key } = this.#change;
    const mode = this.#mode();
    const logged = mode === 'keep' ? ['', ''] : [encodeObject(before), encodeObject(after)];
    const expected = before?.metadata.resourceVersion ?? '';
    const limit = String(CHANGE_LOG_BYTES);
    const life = String(GONE_LIFE);
    return [expected, mode, formatMember(key), ...logged, limit, this.#uid, life];
  }

  #mode(): 'write' | 'delete' | 'keep' {
    const { before, after, recordUnchanged } = this.#change;
    if (recordUnchanged === true || (before === undefined && after === undefined)) return 'keep';
    return after === undefined ? 'delete' : 'write';
  }

  /** Image → the tags' histories that come to hold it, or a whole that it is part of. */
  #uses(): ReadonlyMap<string, ReadonlySet<string>> {
    const uses = new Map<string, Set<string>>();
    for (const { tag, event } of this.#change.history) {
      if (event.image === '') continue;
      for (const image of [event.image, ...(this.#context.parts.get(event.image) ?? [])]) {
        const users = uses.get(image) ?? new Set();
        uses.set(image, users.add(`${this.#uid}:${tag}`));
      }
    }
    return uses;
  }

  #expectations(uses: ReadonlyMap<string, unknown>): void {
    const { unreadable } = this.#context;
    this.#list([...(this.#change.expectedChecks ?? [])], ([tag, state]) => {
      return [tag, state === undefined ? (unreadable.get(tag) ?? '') : packCheckState(state)];
    });
    this.#list([...uses.keys()], (image) => {
      this.keys.push(this.#names.image(image));
      return [image];
    });
  }

  #record(): void {
    const { before, after } = this.#change;
    const old = before === undefined ? new Map<string, string>() : encodeRecord(before);
    const wanted = after === undefined || this.#mode() !== 'write' ? old : encodeRecord(after);
    this.#list(
      [...wanted].filter(([field, value]) => old.get(field) !== value),
      (entry) => entry,
    );
    this.#list(
      [...old.keys()].filter((field) => !wanted.has(field)),
      (field) => [field],
    );
  }

  #checks(): void {
    const { checks, key } = this.#change;
    this.#list(checks, ({ tag, state }) => [tag, state === null ? '' : packCheckState(state)]);
    const placements = checks.flatMap(({ tag, state, previousHost }) => {
      const host = state?.host;
      const left =
        previousHost !== undefined && previousHost !== host ? [[previousHost, tag, '']] : [];
      return host === undefined ? left : [...left, [host, tag, String(state?.nextDue ?? '')]];
    });
    this.#list(placements, ([host = '', tag = '', score = '']) => {
      this.keys.push(this.#names.due(host), this.#names.leases(host));
      return [host, formatTagMember(key, tag), score];
    });
  }

  #history(uses: ReadonlyMap<string, ReadonlySet<string>>): void {
    this.#list(this.#change.history, ({ tag, kind, event }) => {
      this.keys.push(this.#names.history(this.#uid, tag));
      return [tag, kind, JSON.stringify(packTagEvent(event))];
    });
    this.#list([...uses.keys()], (image) => {
      this.keys.push(this.#names.image(image));
      return [];
    });
    const pairs = [...uses].flatMap(([image, users]) =>
      [...users].map((user) => ({ image, user })),
    );
    this.#list(pairs, ({ image, user }) => {
      this.keys.push(this.#names.imageUsers(image));
      return [user];
    });
  }

  #receipts(): void {
    this.#list(this.#change.receipts, ({ log, group, entry }) => {
      this.keys.push(log);
      return [group, entry];
    });
  }

  #openSlots(): void {
    this.#list(this.#change.replies ?? [], ({ request, slot }) => {
      this.keys.push(request);
      return [slot];
    });
  }

  #replies(): void {
    this.#list(this.#change.replies ?? [], ({ request, replies, id, slot, text }) => {
      this.keys.push(request, replies);
      return [id, slot, text];
    });
  }

  #list<T>(entries: readonly T[], encode: (entry: T) => readonly (string | number)[]): void {
    this.arguments.push(entries.length);
    for (const entry of entries) this.arguments.push(...encode(entry));
  }
}
