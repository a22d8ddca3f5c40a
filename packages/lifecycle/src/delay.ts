/** ms; a longer timer would overflow and fire at once (Node's timers count in 32 bits). Waking after 24 days is harmless. */
const TIMER_LIMIT = 2 ** 31 - 1;

/** Waits `ms`, at most 24 days. Resolves early, and doesn't reject, when aborted: the caller's loop looks at the signal anyway. */
export async function delay(ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const onAbort = (): void => resolve();
  const timer = setTimeout(resolve, Math.min(ms, TIMER_LIMIT));
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}
