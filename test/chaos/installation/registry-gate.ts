import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** The wire to a registry, at an address that stays the same: it can be cut and restored. */
export interface RegistryGate extends AsyncDisposable {
  /** `127.0.0.1:port`, as it stands in image references. */
  readonly host: string;
  /** Breaks every connection and refuses new ones. */
  cut(): Promise<void>;
  restore(): Promise<void>;
}

/** Opens the wire to what listens at `target`, `address:port`. */
export async function openRegistryGate(target: string): Promise<RegistryGate> {
  const gate = new Gate(Number(target.slice(target.lastIndexOf(':') + 1)));
  await gate.restore();
  return gate;
}

class Gate implements RegistryGate {
  readonly #target: number;
  readonly #sockets = new Set<Socket>();
  #port = 0;
  #server: Server | undefined;

  constructor(target: number) {
    this.#target = target;
  }

  get host(): string {
    return `127.0.0.1:${this.#port}`;
  }

  async restore(): Promise<void> {
    if (this.#server !== undefined) return;
    const server = createServer((client) => this.#join(client));
    this.#server = server;
    server.listen(this.#port, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address !== null && typeof address === 'object') this.#port = address.port;
  }

  async cut(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    const closed = once(server, 'close');
    server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.cut();
  }

  #join(client: Socket): void {
    const registry = connect(this.#target, '127.0.0.1');
    for (const [from, to] of [
      [client, registry],
      [registry, client],
    ] as const) {
      this.#sockets.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.#sockets.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  }
}
