import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** Read into by all connections: what was read is counted at once, and nobody looks at it again. */
const SCRATCH = Buffer.allocUnsafe(1024 * 1024);
const HEAD_END = Buffer.from('\r\n\r\n');
/** Bytes of a head; who sends more is not one of ours. */
const LONGEST_HEAD = 16 * 1024;

/** A reply whose bytes have all come, or as many as were wanted. */
interface Reply {
  readonly resolve: (bytes: number) => void;
  readonly reject: (error: Error) => void;
}

/**
 * A keep-alive connection that asks for one thing after the other and counts what comes. A client library would take more
 * time than what is measured.
 */
export class RawConnection implements Disposable {
  readonly #socket: Socket;
  #waiting: Reply | undefined;
  #head: Buffer = Buffer.alloc(0);
  /** Bytes of the body that are still to come; undefined before its head. */
  #left: number | undefined;
  #size = 0;

  private constructor(host: string) {
    const [hostname = '', port] = host.split(':');
    const callback = (length: number, buffer: Uint8Array) => this.#take(length, buffer);
    const onread = { buffer: SCRATCH, callback };
    this.#socket = connect({ host: hostname, port: Number(port), noDelay: true, onread });
    this.#socket.on('error', (error) => this.#fail(error));
    this.#socket.on('close', () => this.#fail(new Error(`${host} closed the connection`)));
  }

  /** `host`: `127.0.0.1:41234`. */
  static async open(host: string): Promise<RawConnection> {
    const connection = new RawConnection(host);
    await once(connection.#socket, 'connect');
    return connection;
  }

  /** Sends a whole request; resolves with the bytes of the body. Rejects unless the status is 200. */
  ask(request: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#left = undefined;
      this.#socket.write(request, 'latin1');
    });
  }

  [Symbol.dispose](): void {
    this.#waiting = undefined;
    this.#socket.destroy();
  }

  #take(length: number, buffer: Uint8Array): true {
    if (this.#left === undefined) this.#readHead(buffer.subarray(0, length));
    else this.#left -= length;
    if (this.#left === 0) this.#finish();
    return true;
  }

  #readHead(chunk: Uint8Array): void {
    const seen = Buffer.concat([this.#head, chunk]);
    const end = seen.indexOf(HEAD_END);
    if (end < 0) {
      this.#keep(seen);
      return;
    }
    const head = seen.toString('latin1', 0, end + HEAD_END.length);
    this.#head = Buffer.alloc(0);
    const length = /\r\ncontent-length: *(\d+)\r\n/i.exec(head)?.[1];
    if (!head.startsWith('HTTP/1.1 200 ') || length === undefined) {
      this.#fail(new Error(`no whole reply:\n${head}`));
      return;
    }
    this.#size = Number(length);
    this.#left = this.#size - (seen.length - end - HEAD_END.length);
  }

  #keep(seen: Buffer): void {
    if (seen.length > LONGEST_HEAD) this.#fail(new Error('the head of a reply does not end'));
    else this.#head = seen;
  }

  #finish(): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.resolve(this.#size);
  }

  #fail(error: Error): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.reject(error);
  }
}
