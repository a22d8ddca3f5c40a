import { FORGOTTEN_AFTER } from '@tagtrail/observability';
import { decodeEntry, type NotedBeat } from './encode-heartbeat.ts';

/** Processes noted at most: far more than one Redis serves, and read within a millisecond. */
export const MAX_ENTRIES = 1_000;

/** What of the hash is worth keeping, and which fields are not. */
export interface Sweep {
  readonly noted: readonly NotedBeat[];
  readonly forgotten: readonly string[];
}

/**
 * Sorts the entries of the hash. Forgotten are processes that have been silent for long and, of more than MAX_ENTRIES,
 * the longest silent ones. What cannot be read is left where it is, as another version may know it, while there is room.
 * `now` in ms of the server's clock.
 */
export function sweep(entries: Readonly<Record<string, string>>, now: number): Sweep {
  const all = Object.entries(entries).map(([id, text]) => ({ id, beat: decodeEntry(id, text) }));
  const byAge = all.sort((a, b) => (b.beat?.receivedAt ?? 0) - (a.beat?.receivedAt ?? 0));
  const kept = byAge
    .slice(0, MAX_ENTRIES)
    .filter(({ beat }) => beat === undefined || now - beat.receivedAt < FORGOTTEN_AFTER);
  const ids = new Set(kept.map(({ id }) => id));
  return {
    noted: kept.flatMap(({ beat }) => (beat === undefined ? [] : [beat])),
    forgotten: byAge.filter(({ id }) => !ids.has(id)).map(({ id }) => id),
  };
}
