import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, connect as dial, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Bytes in which a client has told its name: it is the first thing that it says. */
const GREETING_LIMIT = 4_096;

/** A wire to Redis on which single connections can be left without an answer, and which can be laid elsewhere. */
export interface RedisLink extends AsyncDisposable {
  /** Like the target's URL, but through the link. */
  readonly url: string;
  /** Throws away what Redis answers to connections of this name, present ones and those to come, until disposed of. */
  deafen(name: string): Disposable;
  /** Where connections from now on lead; those that there are end. */
  retarget(url: string): void;
}

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  name: string;
}

export async function openRedisLink(target: string): Promise<RedisLink> {
  const folder = await mkdtemp(join(tmpdir(), 'tagtrail-link-'));
  const link = new Link(join(folder, 'link.sock'), target, folder);
  await link.open();
  return link;
}

class Link implements RedisLink {
  readonly url: string;
  readonly #path: string;
  readonly #folder: string;
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  readonly #deaf = new Set<string>();
  #target: string;

  constructor(path: string, target: string, folder: string) {
    this.#path = path;
    this.#folder = folder;
    this.#target = new URL(target).pathname;
    this.#server = createServer((client) => this.#join(client));
    const url = new URL(target);
    url.pathname = path;
    this.url = url.href;
  }

  async open(): Promise<void> {
    this.#server.listen(this.#path);
    await once(this.#server, 'listening');
  }

  deafen(name: string): Disposable {
    this.#deaf.add(name);
    return {
      [Symbol.dispose]: () => {
        this.#deaf.delete(name);
        // What was thrown away cannot be told later: such a connection is of no use any more.
        this.#drop((pair) => pair.name === name);
      },
    };
  }

  retarget(url: string): void {
    this.#target = new URL(url).pathname;
    this.#drop(() => true);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.#drop(() => true);
    await rm(this.#folder, { recursive: true, force: true });
  }

  #drop(isMeant: (pair: Pair) => boolean): void {
    for (const pair of this.#pairs) {
      if (isMeant(pair)) pair.client.destroy();
    }
  }

  #join(client: Socket): void {
    const pair: Pair = { client, server: dial(this.#target), name: '' };
    this.#pairs.add(pair);
    const end = () => {
      client.destroy();
      pair.server.destroy();
      this.#pairs.delete(pair);
    };
    for (const socket of [client, pair.server]) socket.on('error', end).on('close', end);
    let greeting = '';
    client.on('data', (chunk) => {
      if (pair.name === '' && greeting.length < GREETING_LIMIT) {
        greeting += chunk.toString('latin1');
        pair.name = /tagtrail:([\w-]+)/.exec(greeting)?.[1] ?? '';
      }
      pair.server.write(chunk);
    });
    pair.server.on('data', (chunk) => {
      if (!this.#deaf.has(pair.name)) client.write(chunk);
    });
  }
}
