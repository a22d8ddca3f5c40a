/** Lets a loop sleep until somebody has a reason for it to look. A wake during the loop's work is kept. */
export interface Wake {
  wake(): void;
  /** Resolves after `ms`, at a wake, or when `signal` aborts; never rejects. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

export function createWake(): Wake {
  let pending = false;
  let end: (() => void) | undefined;
  return {
    wake() {
      pending = true;
      end?.();
    },
    async wait(ms, signal) {
      if (!pending && !signal.aborted) await sleep(ms, signal, (stop) => (end = stop));
      end = undefined;
      pending = false;
    },
  };
}

function sleep(ms: number, signal: AbortSignal, offer: (stop: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const stop = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      resolve();
    };
    const timer = setTimeout(stop, ms);
    signal.addEventListener('abort', stop, { once: true });
    offer(stop);
  });
}
