import { type CommitResult, StoreError, type StreamChange } from '@tagtrail/image-stream';
import { defineScript, type GuardedRedis } from '@tagtrail/redis-connection';
import { encodeObject, encodeRecord, withVersion } from './encode-record.ts';
import { formatMember, formatTagMember, type RecordKeys } from './keys.ts';
import { CHANGE_LOG_BYTES } from './limits.ts';
import { packCheckState } from './pack-check-state.ts';

const commitScript = defineScript(new URL('./commit.lua', import.meta.url), [
  new URL('./place.lua', import.meta.url),
  new URL('./append-change.lua', import.meta.url),
]);

/** Runs one StreamChange as one script. @throws ioredis' errors */
export async function commitChange(
  { redis }: GuardedRedis,
  keys: RecordKeys,
  change: StreamChange,
): Promise<CommitResult> {
  const call = new CommitCall(keys, change);
  const reply = await commitScript(redis, call.keys, call.arguments);
  const [word, detail] = Array.isArray(reply) ? (reply as string[]) : [];
  if (word === 'conflict') return { kind: 'conflict' };
  if (word === 'missing-image') return { kind: 'missing-image', digest: detail ?? '' };
  if (word !== 'committed')
    throw new StoreError('damaged', 'commit.lua answered something unknown');
  const resourceVersion = detail ?? '';
  const stream = change.after && withVersion(change.after, resourceVersion);
  return { kind: 'committed', stream, resourceVersion };
}

/** Lays out KEYS and ARGV in the order that commit.lua takes them. */
class CommitCall {
  readonly keys: string[];
  readonly arguments: (string | number)[];
  readonly #names: RecordKeys;
  readonly #change: StreamChange;
  readonly #uid: string;

  constructor(names: RecordKeys, change: StreamChange) {
    this.#names = names;
    this.#change = change;
    this.#uid = (change.after ?? change.before)?.metadata.uid ?? '';
    const { version, log, logBytes, hosts, deleted } = names;
    const record = names.record(change.key);
    const checks = names.checks(this.#uid);
    this.keys = [version, record, names.names, log, logBytes, checks, hosts, deleted];
    this.arguments = this.#header();
    this.#expectations();
    this.#record();
    this.#checks();
    this.#history();
    this.#receipts();
  }

  #header(): string[] {
    const { before, after, key } = this.#change;
    const mode = this.#mode();
    const logged = mode === 'keep' ? ['', ''] : [encodeObject(before), encodeObject(after)];
    const tags = (before?.status.tags ?? []).map((list) => list.tag);
    const note = mode === 'delete' ? JSON.stringify({ uid: this.#uid, tags }) : '';
    const expected = before?.metadata.resourceVersion ?? '';
    return [expected, mode, formatMember(key), ...logged, String(CHANGE_LOG_BYTES), note];
  }

  #mode(): 'write' | 'delete' | 'keep' {
    const { before, after, recordUnchanged } = this.#change;
    if (recordUnchanged === true || (before === undefined && after === undefined)) return 'keep';
    return after === undefined ? 'delete' : 'write';
  }

  #expectations(): void {
    const expected = [...(this.#change.expectedChecks ?? [])];
    this.#list(expected, ([tag, state]) => [tag, state === undefined ? '' : packCheckState(state)]);
    const images = this.#change.history
      .map(({ event }) => event.image)
      .filter((image) => image !== '');
    this.#list([...new Set(images)], (image) => {
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

  #history(): void {
    this.#list(this.#change.history, ({ tag, kind, event }) => {
      this.keys.push(this.#names.history(this.#uid, tag));
      if (event.image === '') return [kind, JSON.stringify(event), ''];
      this.keys.push(this.#names.image(event.image), this.#names.imageUsers(event.image));
      return [kind, JSON.stringify(event), `${this.#uid}:${tag}`];
    });
  }

  #receipts(): void {
    this.#list(this.#change.receipts, ({ log, group, entry }) => {
      this.keys.push(log);
      return [group, entry];
    });
  }

  #list<T>(entries: readonly T[], encode: (entry: T) => readonly (string | number)[]): void {
    this.arguments.push(entries.length);
    for (const entry of entries) this.arguments.push(...encode(entry));
  }
}
