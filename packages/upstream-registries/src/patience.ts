/** How long somebody is waited for. */
export interface Patience {
  /** Aborts with a `TimeoutError` when it is over, and with the caller's signal. */
  readonly signal: AbortSignal;
  /** From here on only the caller's signal counts; also when nobody waits any more, so that no timer is left. */
  end(): void;
}

/** Begins to wait, for so many ms. */
export function beginPatience(ms: number, signal: AbortSignal): Patience {
  const over = new AbortController();
  const timer = setTimeout(() => {
    over.abort(new DOMException('the mirror was not waited for any longer', 'TimeoutError'));
  }, ms);
  timer.unref();
  const end = () => clearTimeout(timer);
  return { signal: AbortSignal.any([signal, over.signal]), end };
}
