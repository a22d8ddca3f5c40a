import type { ServerResponse } from 'node:http';

/** Knows which requests are being answered, so that a stop can wait for them and for nothing else. */
export class RunningRequests {
  readonly #running = new Set<ServerResponse>();
  #drained: (() => void) | undefined;

  enter(response: ServerResponse): void {
    this.#running.add(response);
    response.once('close', () => {
      this.#running.delete(response);
      if (this.#running.size === 0) this.#drained?.();
    });
  }

  /** Resolves when none is running, or after `limit` ms. */
  async drained(limit: number): Promise<void> {
    if (this.#running.size === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, limit);
    this.#drained = resolve;
    await promise;
    clearTimeout(timer);
  }
}
