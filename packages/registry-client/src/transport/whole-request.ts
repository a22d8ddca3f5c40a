import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import { BodyFlow } from './body-flow.ts';
import { InterruptedBody, type ReceiverSource } from './body-receiver.ts';
import { OversizeBody } from './oversize-body.ts';

/** A reply, read to its end. */
export interface WholeReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Empty when a receiver took it. */
  readonly body: Buffer;
  /** Bytes that a receiver took. */
  readonly streamed?: number;
}

export interface WholeRequest {
  readonly dispatcher: Dispatcher;
  readonly options: Dispatcher.DispatchOptions;
  /** Bytes kept of a success; a larger one is refused. */
  readonly successLimit: number;
  /** Of any other reply, whose beginning is enough. */
  readonly failureLimit: number;
  /** Asked when the request comes and again when it has a connection; an error of its keeps the request unsent. */
  readonly mayStart?: (() => Error | undefined) | undefined;
  /** Who takes the body, once the beginning of the reply is there. Default: it is kept. */
  readonly receive?: ReceiverSource | undefined;
  /** The headers of a reply are there: the connection was alive. */
  readonly onBegun: () => void;
  /** What to send, once, in place of a request whose connection failed before the headers of a reply were there. */
  readonly replace?: ((error: unknown) => WholeRequest | undefined) | undefined;
}

const OK = 200;
const NO_BODY = Buffer.alloc(0);
/** Bytes read past the limit to bring a body to its end: cheaper than a new connection, bounded like a manifest's page. */
const DRAIN_BYTES = 64 * 1024;
const ONCE = { once: true };

/**
 * Sends a request and reads its reply without a stream between: bodies are small, and undici's `request` opens one even
 * for a HEAD. Throws {@link OversizeBody} and gives up the connection when a success is too large: a declared length is
 * checked before the first byte, the real one while reading. Rejects with the signal's reason as soon as it aborts, also
 * while the request waits for a connection.
 */
export function wholeRequest(request: WholeRequest, signal: AbortSignal): Promise<WholeReply> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const refusal = request.mayStart?.();
    if (refusal !== undefined) throw refusal;
    const answer = new WholeAnswer(request, { resolve, reject, signal });
    request.dispatcher.dispatch(request.options, answer);
  });
}

interface Settling {
  readonly resolve: (reply: WholeReply) => void;
  readonly reject: (error: unknown) => void;
  readonly signal: AbortSignal;
}

class WholeAnswer implements Dispatcher.DispatchHandler {
  readonly #request: WholeRequest;
  readonly #settling: Settling;
  readonly #abort = () => this.#giveUp(this.#settling.signal.reason);
  #controller: Dispatcher.DispatchController | undefined;
  #status = 0;
  #headers: IncomingHttpHeaders = {};
  #chunks: Buffer[] | undefined;
  #length = 0;
  #flow: BodyFlow | undefined;
  #isOver = false;

  constructor(request: WholeRequest, settling: Settling) {
    this.#request = request;
    this.#settling = settling;
    settling.signal.addEventListener('abort', this.#abort, ONCE);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#settling.signal.aborted) this.#abort();
    const refusal = this.#request.mayStart?.();
    if (refusal !== undefined) this.#giveUp(refusal);
  }

  onResponseStart(_: unknown, status: number, headers: IncomingHttpHeaders): void {
    // What comes before the reply itself, such as 103, is of no interest.
    if (status < OK) return;
    this.#status = status;
    this.#headers = headers;
    this.#request.onBegun();
    if (this.#request.receive !== undefined) this.#trying(() => this.#openFlow());
    if (this.#flow !== undefined || this.#isOver) return;
    const { method } = this.#request.options;
    // A HEAD declares the length of what a GET would bring.
    if (method !== 'HEAD') this.#refuseBeyondLimit(Number(headers['content-length'] ?? 0));
  }

  onResponseData(_: unknown, chunk: Buffer): void {
    const flow = this.#flow;
    if (flow === undefined) this.#keep(chunk);
    else if (!this.#isOver) this.#trying(() => flow.push(chunk));
  }

  onResponseEnd(): void {
    const flow = this.#flow;
    if (flow === undefined) this.#finishSoon();
    else this.#trying(() => flow.end(() => this.#finishSoon()));
  }

  onResponseError(_: unknown, error: Error): void {
    if (this.#isOver) return;
    this.#leave();
    const { reject, signal } = this.#settling;
    if (this.#flow !== undefined) reject(new InterruptedBody(error));
    else if (this.#status !== 0 || signal.aborted) reject(error);
    else this.#trying(() => this.#replaceOr(error));
  }

  #replaceOr(error: Error): void {
    const { resolve, reject, signal } = this.#settling;
    const replacement = this.#request.replace?.(error);
    if (replacement === undefined) reject(error);
    // Not before undici is through with the connection that failed.
    else queueMicrotask(() => wholeRequest(replacement, signal).then(resolve, reject));
  }

  #openFlow(): void {
    const controller = this.#controller;
    const receiver = this.#request.receive?.({ status: this.#status, headers: this.#headers });
    if (receiver === undefined || controller === undefined) return;
    this.#flow = new BodyFlow(receiver, controller, (error) => this.#giveUp(error));
  }

  #trying(step: () => void): void {
    try {
      step();
    } catch (error) {
      this.#giveUp(error);
    }
  }

  #keep(chunk: Buffer): void {
    const before = this.#length;
    this.#length += chunk.length;
    if (this.#refuseBeyondLimit(this.#length)) return;
    const { failureLimit: failure } = this.#request;
    if (this.#status === OK || before < failure) {
      this.#chunks ??= [];
      this.#chunks.push(chunk);
    }
    if (this.#status !== OK && this.#length > failure + DRAIN_BYTES) this.#stopReading(failure);
  }

  #finishSoon(): void {
    this.#leave();
    // undici frees the connection in the next turn of the event loop, which it asks for after this call; a caller who
    // goes on before opens another connection.
    process.nextTick(finishInNextTurn, this.#finish);
  }

  #refuseBeyondLimit(length: number): boolean {
    const { successLimit: success } = this.#request;
    if (this.#status !== OK || length <= success) return false;
    this.#giveUp(new OversizeBody(`larger than ${success} bytes`));
    return true;
  }

  /** The beginning is there, and the end is too far. */
  #stopReading(limit: number): void {
    this.#finish();
    this.#giveUp(new OversizeBody(`larger than ${limit} bytes`));
  }

  readonly #finish = (): void => {
    const { failureLimit: failure } = this.#request;
    const all = joined(this.#chunks);
    const body = this.#status === OK ? all : all.subarray(0, failure);
    const reply = { status: this.#status, headers: this.#headers, body };
    this.#settling.resolve(this.#flow ? { ...reply, streamed: this.#flow.size } : reply);
  };

  #giveUp(reason: unknown): void {
    this.#leave();
    this.#settling.reject(reason);
    this.#controller?.abort(reason instanceof Error ? reason : new Error('aborted'));
  }

  #leave(): void {
    this.#isOver = true;
    this.#settling.signal.removeEventListener('abort', this.#abort);
  }
}

function finishInNextTurn(finish: () => void): void {
  setImmediate(finish);
}

/** A small body comes in one chunk. */
function joined([first, ...rest]: readonly Buffer[] = []): Buffer {
  if (first === undefined) return NO_BODY;
  return rest.length === 0 ? first : Buffer.concat([first, ...rest]);
}
