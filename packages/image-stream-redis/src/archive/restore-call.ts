import type { CheckState, ImageStream, StreamRestore } from '@tagtrail/image-stream';
import { encodeObject, encodeRecord } from '../encode-record.ts';
import { formatMember, formatTagMember, parseMember, type RecordKeys } from '../keys.ts';
import { CHANGE_LOG_BYTES, DOCUMENT_GRACE, GONE_LIFE } from '../limits.ts';
import { packCheckState } from '../pack-check-state.ts';
import type { ImageUses } from './image-uses.ts';

/** What the store holds in the place of a stream that is to be restored. */
export interface Present {
  readonly stream: ImageStream | undefined;
  /** Its check states as they are stored, with the state where it can be read. */
  readonly checks: ReadonlyMap<string, { readonly packed: string; readonly state?: CheckState }>;
  /** Tags with a history under the uid that is restored. */
  readonly tags: readonly string[];
  /** `namespace/name` of the stream that came back under this uid before, or empty. */
  readonly owner: string;
}

export interface Restoration extends StreamRestore {
  readonly present: Present;
  readonly uses: ImageUses;
  /** What the histories under this uid use, and those that come in their place do not. */
  readonly left: ImageUses;
}

/** Lays out KEYS and ARGV in the order that restore.lua takes them. */
export class RestoreCall {
  readonly keys: string[];
  readonly arguments: (string | number)[];
  readonly #names: RecordKeys;
  readonly #restoration: Restoration;
  readonly #uid: string;

  constructor(names: RecordKeys, restoration: Restoration) {
    this.#names = names;
    this.#restoration = restoration;
    this.#uid = restoration.stream.metadata.uid ?? '';
    this.keys = this.#fixedKeys();
    this.arguments = this.#header();
    this.#leaving();
    this.#staged();
    this.#record();
    this.#checks();
    this.#histories();
  }

  get #oldUid(): string {
    return this.#restoration.present.stream?.metadata.uid ?? '';
  }

  #fixedKeys(): string[] {
    const names = this.#names;
    const uid = this.#uid;
    const { version, log, logBytes, hosts, deleted, outcomes, fence, restored } = names;
    const { metadata } = this.#restoration.stream;
    const key = { namespace: metadata.namespace ?? '', name: metadata.name };
    const own = [version, names.record(key), names.names, log, logBytes, names.checks(uid), hosts];
    const rest = [deleted, names.histories(uid), names.gone(uid), outcomes, fence, restored];
    const owner = names.record(parseMember(this.#restoration.present.owner));
    const replaced = [names.checks(this.#oldUid), names.gone(this.#oldUid)];
    return [...own, ...rest, ...replaced, names.restoredUid(uid), owner];
  }

  #header(): (string | number)[] {
    const { stream, present, archive, checks } = this.#restoration;
    const { namespace = '', name, resourceVersion = '0' } = stream.metadata;
    const fence = Math.max(0, ...[...checks.values()].map((state) => state.fence));
    return [
      present.stream?.metadata.resourceVersion ?? '',
      formatMember({ namespace, name }),
      encodeObject(present.stream),
      encodeObject(stream),
      CHANGE_LOG_BYTES,
      this.#uid,
      this.#oldUid,
      GONE_LIFE,
      archive,
      resourceVersion,
      fence,
      DOCUMENT_GRACE,
      present.owner,
    ];
  }

  #leaving(): void {
    const { checks, tags } = this.#restoration.present;
    this.#list([...checks], ([tag, { packed, state }]) => {
      const host = state?.host ?? '';
      this.keys.push(this.#names.due(host), this.#names.leases(host));
      return [tag, packed, host, this.#member(tag)];
    });
    this.#list(tags, (tag) => {
      this.keys.push(this.#names.history(this.#uid, tag));
      return [];
    });
  }

  #staged(): void {
    this.#list([...this.#restoration.histories], ([tag, length]) => {
      this.keys.push(this.#names.staged(this.#uid, tag));
      return [length];
    });
  }

  #record(): void {
    this.#list([...encodeRecord(this.#restoration.stream)], (field) => field);
  }

  #checks(): void {
    const checks = [...this.#restoration.checks];
    this.#list(checks, ([tag, state]) => [tag, packCheckState(state)]);
    const placed = checks.flatMap(([tag, { host, nextDue }]) =>
      nextDue === null ? [] : [{ tag, host, nextDue }],
    );
    this.#list(placed, ({ tag, host, nextDue }) => {
      this.keys.push(this.#names.due(host), this.#names.leases(host));
      return [host, this.#member(tag), nextDue];
    });
  }

  #histories(): void {
    const { histories, uses, left } = this.#restoration;
    this.#list([...histories.keys()], (tag) => {
      this.keys.push(this.#names.staged(this.#uid, tag), this.#names.history(this.#uid, tag));
      return [tag];
    });
    this.#list(pairsOf(left), ({ image, tag }) => {
      this.keys.push(this.#names.image(image), this.#names.imageUsers(image));
      return [`${this.#uid}:${tag}`];
    });
    this.#list([...uses.keys()], (image) => {
      this.keys.push(this.#names.image(image));
      return [];
    });
    this.#list(pairsOf(uses), ({ image, tag }) => {
      this.keys.push(this.#names.imageUsers(image));
      return [`${this.#uid}:${tag}`];
    });
  }

  #member(tag: string): string {
    const { namespace = '', name } = this.#restoration.stream.metadata;
    return formatTagMember({ namespace, name }, tag);
  }

  #list<T>(entries: readonly T[], encode: (entry: T) => readonly (string | number)[]): void {
    this.arguments.push(entries.length);
    for (const entry of entries) this.arguments.push(...encode(entry));
  }
}

function pairsOf(uses: ImageUses) {
  return [...uses].flatMap(([image, tags]) => [...tags].map((tag) => ({ image, tag })));
}
