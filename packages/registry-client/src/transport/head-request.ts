import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';

export interface HeadReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
}

const OK = 200;

/**
 * Sends a HEAD; most looks at a tag are nothing else. undici's `request` would open a stream for the body that is not there.
 * Rejects with the signal's reason as soon as it aborts, also while the request waits for a connection.
 */
export function headRequest(
  dispatcher: Dispatcher,
  options: Omit<Dispatcher.DispatchOptions, 'method'>,
  signal: AbortSignal,
): Promise<HeadReply> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const head = new HeadAnswer({ resolve, reject, signal });
    // Without `reset: false` undici closes the connection after every HEAD.
    dispatcher.dispatch({ ...options, method: 'HEAD', reset: false }, head);
  });
}

interface Settling {
  readonly resolve: (reply: HeadReply) => void;
  readonly reject: (error: unknown) => void;
  readonly signal: AbortSignal;
}

class HeadAnswer implements Dispatcher.DispatchHandler {
  readonly #settling: Settling;
  readonly #abort = () => this.#giveUp();
  #controller: Dispatcher.DispatchController | undefined;
  #reply: HeadReply | undefined;

  constructor(settling: Settling) {
    this.#settling = settling;
    settling.signal.addEventListener('abort', this.#abort, { once: true });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#settling.signal.aborted) this.#giveUp();
  }

  onResponseStart(_: unknown, status: number, headers: IncomingHttpHeaders): void {
    // What comes before the reply itself, such as 103, is of no interest.
    if (status >= OK) this.#reply = { status, headers };
  }

  onResponseData(): void {
    // A HEAD has none; undici refuses what a server sends all the same.
  }

  onResponseEnd(): void {
    this.#leave();
    const { resolve } = this.#settling;
    const reply = this.#reply ?? { status: 0, headers: {} };
    // undici frees the connection in the next turn of the event loop, which it asks for after this call; a caller who
    // goes on before opens another connection.
    queueMicrotask(() => setImmediate(() => resolve(reply)));
  }

  onResponseError(_: unknown, error: Error): void {
    this.#leave();
    this.#settling.reject(error);
  }

  #giveUp(): void {
    const { signal, reject } = this.#settling;
    this.#leave();
    reject(signal.reason);
    this.#controller?.abort(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
  }

  #leave(): void {
    this.#settling.signal.removeEventListener('abort', this.#abort);
  }
}
