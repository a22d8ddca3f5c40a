import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, connect as dial, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A wire between client and Redis that a test can cut, hold still and lay elsewhere. */
export interface BreakableLink extends AsyncDisposable {
  /** Like the target's URL, but through the link. */
  readonly url: string;
  /** Connections accepted so far. */
  readonly accepted: number;
  /** Drops every connection and refuses new ones until `mend`. */
  cut(): Promise<void>;
  mend(): Promise<void>;
  /** Drops every connection; new ones are accepted at once. */
  drop(): void;
  /** Keeps connections open but carries no more answers, like a half-open TCP connection. */
  hush(): void;
  /** Where connections from now on lead. */
  retarget(url: string): void;
}

/** Opens a link to a `unix://` Redis URL. For tests only. */
export async function openBreakableLink(target: string): Promise<BreakableLink> {
  const folder = await mkdtemp(join(tmpdir(), 'tagtrail-link-'));
  const link = new Link(join(folder, 'link.sock'), target, folder);
  await link.mend();
  return link;
}

class Link implements BreakableLink {
  readonly url: string;
  accepted = 0;
  readonly #path: string;
  readonly #folder: string;
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  #target: string;
  #server: Server | undefined;

  constructor(path: string, target: string, folder: string) {
    this.#path = path;
    this.#folder = folder;
    this.#target = target;
    const url = new URL(target);
    url.pathname = path;
    this.url = url.href;
  }

  async mend(): Promise<void> {
    const server = createServer((client) => this.#join(client));
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(this.#path, resolve));
  }

  async cut(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    const closed = new Promise((resolve) => server?.close(resolve));
    this.drop();
    await closed;
  }

  drop(): void {
    for (const pair of this.#pairs) {
      for (const socket of pair) {
        socket.destroy();
      }
    }
    this.#pairs.clear();
  }

  hush(): void {
    for (const [client, server] of this.#pairs) {
      server.unpipe(client);
      server.resume();
    }
  }

  retarget(url: string): void {
    this.#target = url;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#server !== undefined) {
      await this.cut();
    }
    await rm(this.#folder, { recursive: true, force: true });
  }

  #join(client: Socket): void {
    this.accepted += 1;
    const server = dial(new URL(this.#target).pathname);
    const pair = [client, server] as const;
    this.#pairs.add(pair);
    for (const [from, to] of [pair, [server, client] as const]) {
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
      from.pipe(to);
    }
  }
}
