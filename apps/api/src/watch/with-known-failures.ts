import { StoreError } from '@tagtrail/image-stream';
import { StatusError } from '../status-error.ts';

/**
 * The same sequence, failing only with what a watcher can be told. Anything else comes from below the store, such as a
 * connection that broke while it was being closed: the watcher is told to come again.
 */
export async function* withKnownFailures<T>(
  source: AsyncGenerator<T, void>,
): AsyncGenerator<T, void> {
  try {
    yield* source;
  } catch (error) {
    if (error instanceof StatusError || error instanceof StoreError) throw error;
    throw new StoreError('unavailable', 'the store failed while a watch read it', { cause: error });
  }
}
