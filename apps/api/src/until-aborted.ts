import { unlessAborted } from './unless-aborted.ts';

/**
 * The batches of a source until the signal aborts, then at once no more. A source that hears the signal late, because
 * it waits for a server that is away, is left to end by itself.
 */
export async function* untilAborted<T>(
  source: AsyncIterable<T>,
  signal: AbortSignal,
): AsyncGenerator<T, void> {
  const batches = source[Symbol.asyncIterator]();
  try {
    for (;;) {
      const step = await unlessAborted(batches.next(), signal);
      if (step === undefined || step.done === true) return;
      yield step.value;
    }
  } finally {
    const ended = batches.return?.();
    // Nobody is there any more who could be told that ending failed.
    ended?.catch(() => undefined);
    if (!signal.aborted) await ended;
  }
}
