import { RegistryFault } from '../registry-fault.ts';

/** s after which a client may come again when too many wait already. */
const BUSY_RETRY = 5;

export interface GateLimits {
  /** Downloads under way at once. */
  readonly total: number;
  /** Of them, those from the same places: an upstream that hangs holds up nobody else's. */
  readonly perGroup: number;
  /** Those that wait for their turn, per group. */
  readonly waiting: number;
}

interface Waiter {
  readonly group: string;
  readonly admit: () => void;
}

/** Lets so many downloads run at once, in the order in which they come, and none of a group keep others out. */
export class DownloadGate {
  readonly #limits: GateLimits;
  readonly #running = new Map<string, number>();
  #total = 0;
  #waiters: Waiter[] = [];

  constructor(limits: GateLimits) {
    this.#limits = limits;
  }

  /** Resolves when it is the caller's turn; the function ends it. Throws {@link RegistryFault} when too many wait. */
  async enter(group: string): Promise<() => void> {
    if (this.#hasRoom(group)) this.#take(group);
    else await this.#wait(group);
    let isIn = true;
    return () => {
      if (isIn) this.#leave(group);
      isIn = false;
    };
  }

  #take(group: string): void {
    this.#total += 1;
    this.#running.set(group, (this.#running.get(group) ?? 0) + 1);
  }

  #hasRoom(group: string): boolean {
    const { total, perGroup } = this.#limits;
    return this.#total < total && (this.#running.get(group) ?? 0) < perGroup;
  }

  #wait(group: string): Promise<void> {
    const waiting = this.#waiters.filter((one) => one.group === group).length;
    if (waiting >= this.#limits.waiting) throw tooMany(waiting);
    return new Promise((resolve) => this.#waiters.push({ group, admit: resolve }));
  }

  #leave(group: string): void {
    this.#total -= 1;
    const left = (this.#running.get(group) ?? 1) - 1;
    if (left > 0) this.#running.set(group, left);
    else this.#running.delete(group);
    const next = this.#waiters.find((one) => this.#hasRoom(one.group));
    if (next === undefined) return;
    this.#waiters = this.#waiters.filter((one) => one !== next);
    // Now, and not when it notices: others may come in between.
    this.#take(next.group);
    next.admit();
  }
}

function tooMany(count: number): RegistryFault {
  const message = `${count} downloads from there wait already; come again`;
  const headers = { 'retry-after': String(BUSY_RETRY) };
  return new RegistryFault('UNAVAILABLE', message, { headers });
}
