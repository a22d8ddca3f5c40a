/** ms: upper bound of the first wait after a cut. */
const FIRST = 250;
/** ms: upper bound of every wait. */
const MAX = 10_000;
/** Resumptions without a single event in between, after which a watch gives up; about two minutes of a server that is gone. */
const MAX_ATTEMPTS = 24;

/** Waits between attempts to take a watch up again, with full jitter: many watchers must not come back in step. */
export class ResumeDelay {
  #attempts = 0;

  /** Forgets the failures: the server is there again. */
  reset(): void {
    this.#attempts = 0;
  }

  /** Resolves when it is time for the next attempt, at once when aborted; false when there have been enough. */
  async wait(signal: AbortSignal | undefined): Promise<boolean> {
    this.#attempts += 1;
    if (this.#attempts > MAX_ATTEMPTS) return false;
    const bound = Math.min(FIRST * 2 ** (this.#attempts - 1), MAX);
    await sleep(Math.random() * bound, signal);
    return true;
  }
}

function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, ms);
    if (signal?.aborted === true) wake();
    else signal?.addEventListener('abort', wake, { once: true });
  });
}
