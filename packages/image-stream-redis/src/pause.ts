import type { StopSignal } from '@tagtrail/image-stream';

/** Waits `ms`; ends early, and does not reject, when aborted. */
export async function pause(ms: number, signal?: StopSignal): Promise<void> {
  if (signal?.aborted === true) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const end = () => resolve();
  const timer = setTimeout(end, ms);
  signal?.addEventListener('abort', end, { once: true });
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', end);
  }
}
