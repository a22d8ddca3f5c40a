import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import { OversizeBody } from './oversize-body.ts';

/** A reply, read to its end. */
export interface WholeReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Bytes of a body that are kept. */
export interface BodyLimits {
  /** Of a success; a larger one is refused. */
  readonly success: number;
  /** Of any other reply, whose beginning is enough. */
  readonly failure: number;
}

export interface WholeRequest {
  readonly dispatcher: Dispatcher;
  readonly options: Dispatcher.DispatchOptions;
  readonly limits: BodyLimits;
  /** Asked when the request comes and again when it has a connection; an error of its keeps the request unsent. */
  readonly mayStart?: (() => Error | undefined) | undefined;
  /** The headers of a reply are there: the connection was alive. */
  readonly onBegun: () => void;
}

const OK = 200;
const NO_BODY = Buffer.alloc(0);
/** Bytes read past the limit to bring a body to its end: cheaper than a new connection, bounded like a manifest's page. */
const DRAIN_BYTES = 64 * 1024;

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

  constructor(request: WholeRequest, settling: Settling) {
    this.#request = request;
    this.#settling = settling;
    settling.signal.addEventListener('abort', this.#abort, { once: true });
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
    const { method } = this.#request.options;
    // A HEAD declares the length of what a GET would bring.
    if (method !== 'HEAD') this.#refuseBeyondLimit(Number(headers['content-length'] ?? 0));
  }

  onResponseData(_: unknown, chunk: Buffer): void {
    const before = this.#length;
    this.#length += chunk.length;
    if (this.#refuseBeyondLimit(this.#length)) return;
    const { failure } = this.#request.limits;
    if (this.#status === OK || before < failure) {
      this.#chunks ??= [];
      this.#chunks.push(chunk);
    }
    if (this.#status !== OK && this.#length > failure + DRAIN_BYTES) this.#stopReading(failure);
  }

  onResponseEnd(): void {
    this.#leave();
    // undici frees the connection in the next turn of the event loop, which it asks for after this call; a caller who
    // goes on before opens another connection.
    queueMicrotask(() => setImmediate(() => this.#finish()));
  }

  onResponseError(_: unknown, error: Error): void {
    this.#leave();
    this.#settling.reject(error);
  }

  #refuseBeyondLimit(length: number): boolean {
    const { success } = this.#request.limits;
    if (this.#status !== OK || length <= success) return false;
    this.#giveUp(new OversizeBody(`larger than ${success} bytes`));
    return true;
  }

  /** The beginning is there, and the end is too far. */
  #stopReading(limit: number): void {
    this.#finish();
    this.#giveUp(new OversizeBody(`larger than ${limit} bytes`));
  }

  #finish(): void {
    const { failure } = this.#request.limits;
    const all = joined(this.#chunks);
    const body = this.#status === OK ? all : all.subarray(0, failure);
    this.#settling.resolve({ status: this.#status, headers: this.#headers, body });
  }

  #giveUp(reason: unknown): void {
    this.#leave();
    this.#settling.reject(reason);
    this.#controller?.abort(reason instanceof Error ? reason : new Error('aborted'));
  }

  #leave(): void {
    this.#settling.signal.removeEventListener('abort', this.#abort);
  }
}

/** A small body comes in one chunk. */
function joined([first, ...rest]: readonly Buffer[] = []): Buffer {
  if (first === undefined) return NO_BODY;
  return rest.length === 0 ? first : Buffer.concat([first, ...rest]);
}
