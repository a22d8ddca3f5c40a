import type { Stay } from './stays.ts';
import type { Recorded } from './tag-life.ts';

/** A recorded image, and the chapter of its tag that it was committed in. */
export interface Placed {
  readonly recorded: Recorded;
  readonly chapter: number;
}

export interface Match {
  /** Index of the first recorded image for which no stay is left, if there is one. */
  readonly impossible: number | undefined;
  /** Stays that had to be seen and were not, under the kindest reading of the history. */
  readonly unseen: readonly Stay[];
  /** For each recorded image the stay it is taken for. */
  readonly stays: readonly Stay[];
}

/** A way to read the history so far: the stay of its last image, and what that way leaves unseen. */
interface Reading {
  readonly last: number;
  readonly unseen: readonly Stay[];
  readonly path: readonly Stay[];
}

/**
 * Reads a history as a way through the stays: each recorded image is one stay, in order, none twice. Of all ways the
 * one that leaves the fewest stays unseen counts. A stay at the digest that the history stands at already leaves no
 * mark, so it counts as seen.
 */
export function matchHistory(history: readonly Placed[], stays: readonly Stay[]): Match {
  let readings: readonly Reading[] = [{ last: -1, unseen: [], path: [] }];
  for (const [index, placed] of history.entries()) {
    const next = stays.flatMap((stay, at) =>
      fits(placed, stay) ? best(readings, { stays, at }) : [],
    );
    if (next.length === 0) {
      const kindest = fewest(readings);
      return { impossible: index, unseen: [], stays: kindest?.path ?? [] };
    }
    readings = next;
  }
  const ends = readings.map((reading) => ({
    ...reading,
    unseen: [...reading.unseen, ...skipped(reading, { stays, at: stays.length })],
  }));
  const kindest = fewest(ends);
  return { impossible: undefined, unseen: kindest?.unseen ?? [], stays: kindest?.path ?? [] };
}

function fits({ recorded, chapter }: Placed, stay: Stay): boolean {
  const begun = stay.from <= recorded.at.latest;
  return stay.chapter === chapter && stay.digest === recorded.digest && begun;
}

/** The kindest reading whose next image is the stay `at`. */
function best(
  readings: readonly Reading[],
  step: { readonly stays: readonly Stay[]; readonly at: number },
): readonly Reading[] {
  const stay = step.stays[step.at];
  const before = readings.filter(({ last }) => last < step.at);
  const grown = before.map((reading) => ({
    last: step.at,
    unseen: [...reading.unseen, ...skipped(reading, step)],
    path: stay === undefined ? reading.path : [...reading.path, stay],
  }));
  const kindest = fewest(grown);
  return kindest === undefined ? [] : [kindest];
}

/** The stays between the reading's last one and `at` that had to be seen. */
function skipped(
  { last }: Reading,
  { stays, at }: { readonly stays: readonly Stay[]; readonly at: number },
): readonly Stay[] {
  const head = stays[last]?.digest;
  return stays
    .slice(last + 1, at)
    .filter(({ mustBeSeen, digest }) => mustBeSeen && digest !== head);
}

function fewest(readings: readonly Reading[]): Reading | undefined {
  return readings.toSorted((a, b) => a.unseen.length - b.unseen.length)[0];
}
