import type { ImageStreamStore } from '@tagtrail/image-stream';
import type { PrefetchQueue } from '@tagtrail/import-contract';
import { createBackoff, delay } from '@tagtrail/lifecycle';
import { describeError, type Logger } from '@tagtrail/observability';
import { wantedCopies } from './wanted-copies.ts';

/** Streams read at a time. */
const PAGE = 500;
/** ms between attempts while Redis is away. */
const BACKOFF = { first: 100, max: 5_000 };

export interface WishParts {
  readonly streams: Pick<ImageStreamStore, 'list' | 'watch'>;
  readonly queue: Pick<PrefetchQueue, 'add'>;
  readonly logger: Logger;
}

/** Enqueues every image of which a stream wants a copy: those that are there, then each new one, until the signal. */
export async function followWishes(parts: WishParts, signal: AbortSignal): Promise<void> {
  const backoff = createBackoff(BACKOFF);
  while (!signal.aborted) {
    try {
      const resourceVersion = await enqueueAll(parts, signal);
      backoff.reset();
      await enqueueChanges(parts, resourceVersion, signal);
    } catch (error) {
      if (signal.aborted) return;
      parts.logger.warn({ err: describeError(error) }, 'images to copy cannot be found just now');
      await delay(backoff.next(), signal);
    }
  }
}

/** Resolves with the version from which on changes are to be followed. */
async function enqueueAll({ streams, queue }: WishParts, signal: AbortSignal): Promise<string> {
  let page = await streams.list({ limit: PAGE });
  const { resourceVersion } = page;
  for (;;) {
    const jobs = page.items.flatMap((stream) => wantedCopies(stream));
    if (jobs.length > 0) await queue.add(jobs);
    if (page.continue === undefined || signal.aborted) return resourceVersion;
    page = await streams.list({ limit: PAGE, continue: page.continue });
  }
}

async function enqueueChanges(
  { streams, queue }: WishParts,
  resourceVersion: string,
  signal: AbortSignal,
): Promise<void> {
  for await (const events of streams.watch(resourceVersion, signal)) {
    const jobs = events.flatMap(({ before, after }) => wantedCopies(after, before));
    if (jobs.length > 0) await queue.add(jobs);
  }
}
