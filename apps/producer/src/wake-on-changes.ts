import { type ImageStreamStore, StoreError } from '@tagtrail/image-stream';
import { createBackoff, delay } from '@tagtrail/lifecycle';
import { describeError, type Logger } from '@tagtrail/observability';
import { isEdit } from './is-edit.ts';
import type { Wake } from './wake.ts';

/**
 * Wakes the loop at every edit of a record, so that a new or edited tag is imported at once. What a break of the log
 * hides is found by the wake at its end: the schedule, not the log, says what is due.
 */
export async function wakeOnChanges(
  dependencies: {
    readonly streams: Pick<ImageStreamStore, 'list' | 'watch'>;
    readonly wake: Wake;
    readonly logger: Logger;
  },
  signal: AbortSignal,
): Promise<void> {
  const { streams, wake, logger } = dependencies;
  const backoff = createBackoff({ first: 100, max: 5_000 });
  while (!signal.aborted) {
    try {
      const { resourceVersion } = await streams.list({ limit: 1 });
      wake.wake();
      for await (const changes of streams.watch(resourceVersion, signal)) {
        if (changes.some(isEdit)) wake.wake();
        backoff.reset();
      }
    } catch (error) {
      if (signal.aborted) return;
      const expired = error instanceof StoreError && error.code === 'expired';
      if (!expired)
        logger.warn(
          { err: describeError(error) },
          'the change log is out of reach; looking by the clock',
        );
      await delay(backoff.next(), signal);
    }
  }
}
