import type { StopSignal } from '@tagtrail/image-stream';

export interface GateLimits {
  /** Running at once for one host, so that a host that hangs leaves room for the others. */
  readonly perHost: number;
  /** Running at once in all. */
  readonly total: number;
}

interface Waiter {
  readonly host: string;
  readonly enter: () => void;
}

/**
 * Lets work in by host: first come, first served, except that whoever waits for a full host lets others pass.
 *
 *   run ──▶ host and whole below their limits? ──yes──▶ work ──▶ let the next one in
 *              └──no──▶ wait ──▶ let in │ signal aborts: rejects
 */
export class HostGate {
  readonly #limits: GateLimits;
  readonly #running = new Map<string, number>();
  readonly #waiting = new Set<Waiter>();
  readonly #waitingPerHost = new Map<string, number>();
  #total = 0;

  constructor(limits: GateLimits) {
    this.#limits = limits;
  }

  /** Work that waits for its turn. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Work that waits for its turn at one host. */
  waitingFor(host: string): number {
    return this.#waitingPerHost.get(host) ?? 0;
  }

  /** Rejects with an AbortError when the signal aborts before the work's turn came. */
  async run<T>(host: string, work: () => Promise<T>, signal: StopSignal): Promise<T> {
    await this.#enter(host, signal);
    try {
      return await work();
    } finally {
      this.#leave(host);
    }
  }

  #enter(host: string, signal: StopSignal): Promise<void> {
    if (this.#isOpen(host)) {
      this.#count(host, 1);
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const stop = () => {
        this.#stopWaiting(waiter);
        reject(new DOMException('stopped while waiting for a turn', 'AbortError'));
      };
      const enter = () => {
        signal.removeEventListener('abort', stop);
        resolve();
      };
      const waiter: Waiter = { host, enter };
      this.#waiting.add(waiter);
      addTo(this.#waitingPerHost, host, 1);
      signal.addEventListener('abort', stop, { once: true });
      if (signal.aborted) stop();
    });
  }

  #leave(host: string): void {
    this.#count(host, -1);
    for (const waiter of this.#waiting) {
      if (this.#total >= this.#limits.total) return;
      if (!this.#isOpen(waiter.host)) continue;
      this.#stopWaiting(waiter);
      this.#count(waiter.host, 1);
      waiter.enter();
    }
  }

  #isOpen(host: string): boolean {
    const { perHost, total } = this.#limits;
    return this.#total < total && (this.#running.get(host) ?? 0) < perHost;
  }

  #stopWaiting(waiter: Waiter): void {
    if (this.#waiting.delete(waiter)) addTo(this.#waitingPerHost, waiter.host, -1);
  }

  #count(host: string, change: number): void {
    this.#total += change;
    addTo(this.#running, host, change);
  }
}

/** Counts that are 0 are not kept: there are many hosts in a year. */
function addTo(counts: Map<string, number>, host: string, change: number): void {
  const count = (counts.get(host) ?? 0) + change;
  if (count > 0) counts.set(host, count);
  else counts.delete(host);
}
