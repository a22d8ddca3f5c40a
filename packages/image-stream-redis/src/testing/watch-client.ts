import type { ImageStreamStore, StreamEvent } from '@tagtrail/image-stream';

/** What a watcher saw. */
export interface Seen {
  readonly events: readonly StreamEvent[];
  /** Times that it went on at the last version it had seen, on a new connection. */
  readonly resumed: number;
}

export interface Following {
  /** The version to end at, once it is known. */
  readonly version: Promise<number>;
  /** Events after which the watch is broken off and begun again, one after the other; then it stays. */
  readonly breaks: readonly number[];
}

/** Watches from the beginning until a version was seen; a version that is never shown ends the test by its time limit. */
export async function followUntil(
  streams: Pick<ImageStreamStore, 'watch'>,
  { version, breaks }: Following,
): Promise<Seen> {
  const events: StreamEvent[] = [];
  const seen = () => Number(events.at(-1)?.resourceVersion ?? 0);
  let connection = new AbortController();
  let end = Number.POSITIVE_INFINITY;
  const isThere = () => seen() >= end;
  const known = version.then((last) => {
    end = last;
    // Nothing more may come.
    if (isThere()) connection.abort();
  });
  let connections = 0;
  for (; !isThere(); connections += 1) {
    connection = new AbortController();
    const wanted = events.length + (breaks[connections] ?? Number.POSITIVE_INFINITY);
    for await (const batch of streams.watch(String(seen()), connection.signal)) {
      // Broken off in the middle of a batch, too: the rest of it has to come again.
      events.push(...batch.slice(0, wanted - events.length));
      if (isThere() || events.length >= wanted) break;
    }
  }
  await known;
  return { events, resumed: Math.max(0, connections - 1) };
}
