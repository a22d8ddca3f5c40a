import { type ImageStream, SUSPEND_ANNOTATION, type TagEvent } from '@tagtrail/image-stream';
import type { LogEntry, Moment } from './facts.ts';

/** While a tag had one and the same source. */
export interface Chapter {
  readonly source: string;
  readonly from: LogEntry;
  /** The change that ended it; absent while it lasts. */
  readonly until: LogEntry | undefined;
  /** When nothing was looked at on purpose. */
  readonly suspensions: readonly { readonly from: number; readonly to: number }[];
}

/** An image that came to be the newest of a tag. */
export interface Recorded {
  readonly version: number;
  readonly digest: string;
  readonly reference: string;
  readonly at: Moment;
  /** What the tag followed when this was committed. */
  readonly source: string;
}

/** One tag of one incarnation of a stream, as the change log tells it. */
export interface TagLife {
  /** `namespace/name:tag`. */
  readonly member: string;
  readonly uid: string;
  readonly tag: string;
  readonly chapters: readonly Chapter[];
  readonly recorded: readonly Recorded[];
  /** Whether the stream was never deleted. */
  readonly lives: boolean;
}

/** Reads the lives of all tags out of the change log, in the order of their beginning. */
export function readTagLives(log: readonly LogEntry[]): readonly TagLife[] {
  const lives = new Map<string, LifeDraft>();
  for (const entry of log) {
    const stream = entry.after ?? entry.before;
    const uid = stream?.metadata.uid ?? '';
    for (const tag of tagsOf(entry)) {
      const key = `${uid}:${tag}`;
      const life = lives.get(key) ?? new LifeDraft({ member: `${entry.member}:${tag}`, uid, tag });
      lives.set(key, life);
      life.read(entry);
    }
  }
  return [...lives.values()].map((life) => life.finish());
}

function tagsOf({ before, after }: LogEntry): ReadonlySet<string> {
  const names = [before, after].flatMap((stream) => [
    ...(stream?.spec.tags ?? []).map(({ name }) => name),
    ...(stream?.status.tags ?? []).map(({ tag }) => tag),
  ]);
  return new Set(names);
}

class LifeDraft {
  readonly #name: { readonly member: string; readonly uid: string; readonly tag: string };
  readonly #chapters: Chapter[] = [];
  readonly #recorded: Recorded[] = [];
  #open:
    | { source: string; from: LogEntry; suspensions: { from: number; to: number }[] }
    | undefined;
  #suspendedSince: number | undefined;
  #lives = true;

  constructor(name: { readonly member: string; readonly uid: string; readonly tag: string }) {
    this.#name = name;
  }

  read(entry: LogEntry): void {
    const { tag } = this.#name;
    const { after } = entry;
    this.#lives = after !== undefined;
    this.#turn(entry, after === undefined ? undefined : sourceOf(after, tag));
    this.#suspend(entry, after !== undefined && isSuspended(after, tag));
    const source = (after && sourceOf(after, tag)) ?? '';
    for (const { image, dockerImageReference } of newEvents(entry, tag)) {
      const { version, at } = entry;
      this.#recorded.push({ version, digest: image, reference: dockerImageReference, at, source });
    }
  }

  finish(): TagLife {
    const open = this.#open;
    const rest = open === undefined ? [] : [{ ...this.#closed(open, Infinity), until: undefined }];
    return {
      ...this.#name,
      chapters: [...this.#chapters, ...rest],
      recorded: this.#recorded,
      lives: this.#lives,
    };
  }

  #turn(entry: LogEntry, source: string | undefined): void {
    const open = this.#open;
    if (open?.source === source) return;
    if (open !== undefined) {
      this.#chapters.push({ ...this.#closed(open, entry.at.latest), until: entry });
      if (this.#suspendedSince !== undefined) this.#suspendedSince = entry.at.earliest;
    }
    this.#open = source === undefined ? undefined : { source, from: entry, suspensions: [] };
  }

  #suspend(entry: LogEntry, suspended: boolean): void {
    if (suspended) this.#suspendedSince ??= entry.at.earliest;
    if (suspended || this.#suspendedSince === undefined) return;
    this.#open?.suspensions.push({ from: this.#suspendedSince, to: entry.at.latest });
    this.#suspendedSince = undefined;
  }

  #closed(open: Omit<Chapter, 'until'>, to: number): Omit<Chapter, 'until'> {
    const from = this.#suspendedSince;
    if (from === undefined) return open;
    return { ...open, suspensions: [...open.suspensions, { from, to }] };
  }
}

/**
 * The images that a commit put on top of a tag's events, oldest first: several, when results of several looks were
 * written at once. The newest event of before may have got another image in its place.
 */
function newEvents({ before, after }: LogEntry, tag: string): readonly TagEvent[] {
  const [old, now] = [eventsOf(before, tag), eventsOf(after, tag)];
  for (const kept of [old, old.slice(1)]) {
    const added = now.length - kept.length;
    const isKept = kept.every(({ image }, at) => now[added + at]?.image === image);
    if (added >= 0 && isKept) return now.slice(0, added).toReversed();
  }
  return now.slice(0, 1);
}

function eventsOf(stream: ImageStream | undefined, tag: string): readonly TagEvent[] {
  return stream?.status.tags?.find((list) => list.tag === tag)?.items ?? [];
}

function sourceOf(stream: ImageStream, tag: string): string | undefined {
  return stream.spec.tags?.find(({ name }) => name === tag)?.from?.name;
}

function isSuspended(stream: ImageStream, tag: string): boolean {
  const own = stream.spec.tags?.find(({ name }) => name === tag)?.annotations;
  return [stream.metadata.annotations, own].some(
    (annotations) => annotations?.[SUSPEND_ANNOTATION] === 'true',
  );
}
