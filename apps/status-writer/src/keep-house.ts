import type { ImageDocumentStore } from '@tagtrail/image-stream';
import { delay } from '@tagtrail/lifecycle';
import { describeError, type Logger } from '@tagtrail/observability';

/** ms between two rounds. */
const INTERVAL_MS = 60_000;
/** Deleted streams freed in one round. */
const COLLECT_LIMIT = 100;

export interface KeepingDependencies {
  readonly results: { trim(): Promise<unknown> };
  readonly images: Pick<ImageDocumentStore, 'collect'>;
  readonly logger: Logger;
}

/** Trims the result log and frees deleted streams, beside the writer's loop: a stream with a long history takes a while. */
export async function keepHouse(
  dependencies: KeepingDependencies,
  signal: AbortSignal,
): Promise<void> {
  const { results, images, logger } = dependencies;
  while (!signal.aborted) {
    try {
      await results.trim();
      await images.collect(COLLECT_LIMIT);
    } catch (error) {
      if (signal.aborted) return;
      logger.warn({ err: describeError(error) }, 'house-keeping failed; it is tried again');
    }
    await delay(INTERVAL_MS, signal);
  }
}
