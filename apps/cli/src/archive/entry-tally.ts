import type { ArchiveCounts } from '@tagtrail/image-stream';
import { isJsonObject, type JsonObject, objectMember } from '../json-object.ts';

const ENTRY_KINDS = ['history', 'stream', 'image', 'unreadable'] as const;
/** As the server takes it. */
const VERSION_PATTERN = /^\d{1,15}$/;

/** What the entries of an archive hold: how many of each kind, and the highest numbers. */
export type Tally = ArchiveCounts & { readonly resourceVersion: number; readonly fence: number };

/** Counts the entries of an archive, line by line. What else is wrong with one is for the server to say. */
export class EntryTally {
  readonly #tally: { -readonly [K in keyof Tally]: Tally[K] } = {
    streams: 0,
    events: 0,
    images: 0,
    unreadable: 0,
    resourceVersion: 0,
    fence: 0,
  };

  get counted(): Tally {
    return this.#tally;
  }

  /** Answers why the line cannot be counted; undefined when it was. */
  add(entry: JsonObject | undefined): string | undefined {
    const [kind, ...others] = ENTRY_KINDS.filter((name) => isJsonObject(entry?.[name]));
    if (entry === undefined || kind === undefined || others.length > 0) {
      return 'it is no entry of an export';
    }
    if (kind === 'stream') return this.#addStream(objectMember(entry, kind));
    if (kind === 'history') return this.#addEvents(objectMember(entry, kind)['events']);
    this.#tally[kind === 'image' ? 'images' : kind] += 1;
    return undefined;
  }

  #addEvents(events: unknown): string | undefined {
    if (!Array.isArray(events)) return 'history.events is no list';
    this.#tally.events += events.length;
    return undefined;
  }

  #addStream(stream: JsonObject): string | undefined {
    const version = objectMember(objectMember(stream, 'object'), 'metadata')['resourceVersion'];
    if (typeof version !== 'string' || !VERSION_PATTERN.test(version)) {
      return 'stream.object.metadata.resourceVersion is no number';
    }
    const fences = fencesOf(stream['checks']);
    if (fences === undefined) return 'stream.checks has a fence that is no number, or is no list';
    const tally = this.#tally;
    tally.streams += 1;
    tally.resourceVersion = Math.max(tally.resourceVersion, Number(version));
    tally.fence = fences.reduce((highest, fence) => Math.max(highest, fence), tally.fence);
    return undefined;
  }
}

export function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function fencesOf(checks: unknown): readonly number[] | undefined {
  if (!Array.isArray(checks)) return undefined;
  const fences = checks.map((check) =>
    isJsonObject(check) ? objectMember(check, 'state')['fence'] : undefined,
  );
  return fences.every(isCount) ? fences : undefined;
}
