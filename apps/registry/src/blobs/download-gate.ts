import { RegistryFault } from '../registry-fault.ts';

/** s after which a client may come again when too many wait already, or it was not its turn for long. */
const BUSY_RETRY = 5;

export interface GateLimits {
  /** Downloads under way at once. */
  readonly total: number;
  /** Of them, those from one host: one that hangs holds up nobody else's. */
  readonly perHost: number;
  /** And those for one namespace, whatever its streams name. */
  readonly perNamespace: number;
  /** Bytes that the downloads of one namespace may announce together: announced bytes push copies out. */
  readonly bytesPerNamespace: number;
  /** Those that wait for their turn, per namespace. */
  readonly waiting: number;
  /** ms for which one waits. */
  readonly wait: number;
}

/** What wants to be downloaded. */
export interface Ticket {
  readonly host: string;
  readonly namespace: string;
  /** Bytes. */
  readonly size: number;
}

interface Waiter {
  readonly ticket: Ticket;
  readonly admit: () => void;
}

interface Share {
  readonly count: number;
  readonly bytes: number;
}

const NOTHING: Share = { count: 0, bytes: 0 };

/** Lets so many downloads run at once, in the order in which they come; no host and no namespace keeps others out. */
export class DownloadGate {
  readonly #limits: GateLimits;
  readonly #hosts = new Map<string, Share>();
  readonly #namespaces = new Map<string, Share>();
  #total = 0;
  #waiters: readonly Waiter[] = [];

  constructor(limits: GateLimits) {
    this.#limits = limits;
  }

  /** How many wait. */
  get waiting(): number {
    return this.#waiters.length;
  }

  /** Resolves when it is the caller's turn; the function ends it. Throws {@link RegistryFault} when that takes too long. */
  async enter(ticket: Ticket): Promise<() => void> {
    if (this.#hasRoom(ticket)) this.#take(ticket, 1);
    else await this.#wait(ticket);
    let isIn = true;
    return () => {
      if (isIn) this.#leave(ticket);
      isIn = false;
    };
  }

  #take({ host, namespace, size }: Ticket, sign: 1 | -1): void {
    this.#total += sign;
    for (const [shares, name] of [
      [this.#hosts, host],
      [this.#namespaces, namespace],
    ] as const) {
      const { count, bytes } = shares.get(name) ?? NOTHING;
      if (count + sign === 0) shares.delete(name);
      else shares.set(name, { count: count + sign, bytes: bytes + sign * size });
    }
  }

  /** One blob that is larger than a namespace's share is let in alone. */
  #hasRoom({ host, namespace, size }: Ticket): boolean {
    const { total, perHost, perNamespace, bytesPerNamespace } = this.#limits;
    const own = this.#namespaces.get(namespace) ?? NOTHING;
    const fits = own.count === 0 || own.bytes + size <= bytesPerNamespace;
    const ofHost = (this.#hosts.get(host) ?? NOTHING).count;
    return this.#total < total && ofHost < perHost && own.count < perNamespace && fits;
  }

  #wait(ticket: Ticket): Promise<void> {
    const { namespace } = ticket;
    const ahead = this.#waiters.filter((one) => one.ticket.namespace === namespace).length;
    if (ahead >= this.#limits.waiting)
      throw tooMany(`${ahead} downloads of ${namespace} wait already`);
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        this.#waiters = this.#waiters.filter((one) => one !== waiter);
        reject(
          tooMany(`other downloads of ${namespace}, or from ${ticket.host}, took all the room`),
        );
      }, this.#limits.wait);
      const admit = () => {
        clearTimeout(late);
        resolve();
      };
      const waiter = { ticket, admit };
      this.#waiters = [...this.#waiters, waiter];
    });
  }

  #leave(ticket: Ticket): void {
    this.#take(ticket, -1);
    const next = this.#waiters.find((one) => this.#hasRoom(one.ticket));
    if (next === undefined) return;
    this.#waiters = this.#waiters.filter((one) => one !== next);
    // Now, and not when it notices: others may come in between.
    this.#take(next.ticket, 1);
    next.admit();
  }
}

function tooMany(what: string): RegistryFault {
  const headers = { 'retry-after': String(BUSY_RETRY) };
  return new RegistryFault('UNAVAILABLE', `${what}; come again`, { headers });
}
