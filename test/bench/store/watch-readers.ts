import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const LINE_END = 0x0a;
const BRACE = 0x7d;
/** Bytes of what a reader got last, for the error when it is cut off. */
const WORDS_KEPT = 400;

/** Connections that read what a server sends and count it. A frame of a watch is a line that ends in a brace. */
export class WatchReaders implements Disposable {
  readonly #sockets: readonly Socket[];
  #frames = 0;
  #bytes = 0;
  #wanted:
    | {
        readonly bytes: number;
        readonly frames: number;
        readonly done: () => void;
        readonly failed: (error: Error) => void;
      }
    | undefined;

  private constructor(sockets: readonly Socket[]) {
    this.#sockets = sockets;
    for (const socket of sockets) {
      let last: Buffer = Buffer.alloc(1);
      socket.on('data', (chunk: Buffer) => {
        this.#count(chunk, last.at(-1) ?? 0);
        last = chunk;
      });
      socket.on('close', () => {
        const words = last.subarray(-WORDS_KEPT).toString();
        this.#wanted?.failed(new Error(`a reader was cut off after: ${words}`));
      });
    }
  }

  static async open(port: number, count: number): Promise<WatchReaders> {
    const sockets = Array.from({ length: count }, () => connect(port, '127.0.0.1'));
    await Promise.all(sockets.map((socket) => once(socket, 'connect')));
    return new WatchReaders(sockets);
  }

  /** Sends a request on each connection. */
  ask(request: string): void {
    for (const socket of this.#sockets) socket.write(request);
  }

  /** Bytes of all connections. */
  get bytes(): number {
    return this.#bytes;
  }

  get frames(): number {
    return this.#frames;
  }

  /** Resolves when every request is answered. Throws when one is not answered with 200: it would get no frames. */
  async begun(): Promise<void> {
    const heads = await Promise.all(
      this.#sockets.map(async (socket) => String((await once(socket, 'data'))[0])),
    );
    const refused = heads.find((head) => !head.startsWith('HTTP/1.1 200 '));
    if (refused !== undefined) throw new Error(`a watch was refused: ${refused}`);
  }

  forget(): void {
    this.#frames = 0;
    this.#bytes = 0;
  }

  /** Resolves when all connections together have got so much since `forget`; rejects when one is cut off before. */
  received(wanted: { readonly bytes?: number; readonly frames?: number }): Promise<void> {
    return new Promise((done, failed) => {
      const { bytes = 0, frames = 0 } = wanted;
      this.#wanted = { bytes, frames, done, failed };
      this.#look();
    });
  }

  /** From now on nothing is read. */
  stop(): void {
    for (const socket of this.#sockets) socket.pause();
  }

  [Symbol.dispose](): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** `last` is the byte before the chunk. */
  #count(chunk: Buffer, last: number): void {
    this.#bytes += chunk.length;
    for (let at = chunk.indexOf(LINE_END); at >= 0; at = chunk.indexOf(LINE_END, at + 1)) {
      if ((at === 0 ? last : chunk[at - 1]) === BRACE) this.#frames += 1;
    }
    this.#look();
  }

  #look(): void {
    const wanted = this.#wanted;
    if (wanted === undefined || this.#bytes < wanted.bytes || this.#frames < wanted.frames) return;
    this.#wanted = undefined;
    wanted.done();
  }
}
