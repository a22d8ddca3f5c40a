import { once } from 'node:events';
import { delay } from './delay.ts';

/**
 * Resolves when `work` has ended, or `grace` ms after the signal aborted: a loop that waits for a server which is away
 * would otherwise hold up the end of its process. What is left behind ends when its resources are closed, unheard.
 * Rejects with what `work` rejects with before that.
 */
export async function endWithin(
  grace: number,
  signal: AbortSignal,
  work: Promise<void>,
): Promise<void> {
  const ended = new AbortController();
  try {
    await Promise.race([work, graceOver(grace, signal, ended.signal)]);
  } finally {
    ended.abort();
  }
}

async function graceOver(grace: number, signal: AbortSignal, ended: AbortSignal): Promise<void> {
  try {
    if (!signal.aborted) await once(signal, 'abort', { signal: ended });
  } catch {
    // The work ended first: nobody waits for this any more.
    return;
  }
  await delay(grace, ended);
}
