/**
 * Settles with `work`, or rejects with the signal's reason as soon as it aborts. For work that cannot stop by itself:
 * undici keeps a request that waits for a connection until it gets one, and a shared token request must survive the
 * caller who started it.
 */
export async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([aborted, work]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
