import type { IncomingHttpHeaders } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { type Dispatcher, Pool } from 'undici';
import type { RegistryLimits } from '../limits.ts';
import { LruMap } from '../lru-map.ts';
import { observeReply } from '../observation/observe-reply.ts';
import type { RegistryObserver } from '../observation/registry-event.ts';
import { createConnector } from './connector.ts';
import { headRequest } from './head-request.ts';
import { readBody, readBodyStart } from './read-body.ts';
import { isClosedConnection } from './transport-failure.ts';
import { originOf, type TransportMode } from './transport-mode.ts';
import { untilAborted } from './until-aborted.ts';

export interface HttpRequest {
  readonly mode: TransportMode;
  /** `host` or `host:port`. */
  readonly authority: string;
  readonly method: 'HEAD' | 'GET' | 'POST';
  /** Path and query, built from validated parts. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Largest body of a success; of other replies the start is kept. */
  readonly bodyLimit: number;
  /** Sent as the body of a POST. */
  readonly form?: URLSearchParams;
}

/** A reply, read to its end. */
export interface HttpReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

interface Host {
  readonly pool: Pool;
  /** Whether a connection of this pool ever brought a reply, so that a closed one may have been an idle one. */
  answered: boolean;
}

const OK = 200;
const NO_BODY = Buffer.alloc(0);
const DISPOSED = 'the registry client is closed';

/** Sends single requests over kept connections, one pool per host and mode. Follows nothing, waits for nothing. */
export class Transport implements AsyncDisposable {
  readonly #limits: RegistryLimits;
  readonly #observe: RegistryObserver | undefined;
  readonly #hosts: LruMap<string, Host>;
  /** Pools pushed out by the limit that still finish their requests. */
  readonly #retiring = new Set<Pool>();
  #disposed = false;

  constructor(limits: RegistryLimits, observe?: RegistryObserver) {
    this.#limits = limits;
    this.#observe = observe;
    this.#hosts = new LruMap(limits.hosts, ({ pool }) => this.#retire(pool));
  }

  /**
   * Throws what the network, undici or the signal says, untranslated. A connection that the other side closed while
   * it was idle is replaced once; HEAD and GET may be sent twice, and a POST makes nothing but one token more.
   */
  async send(request: HttpRequest, signal: AbortSignal): Promise<HttpReply> {
    if (this.#observe === undefined) return this.#send(request, signal);
    return observeReply(request, () => this.#send(request, signal), this.#observe);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    const pools = [...this.#retiring, ...[...this.#hosts.values()].map(({ pool }) => pool)];
    await Promise.all(pools.map((pool) => pool.destroy()));
  }

  async #send(request: HttpRequest, signal: AbortSignal): Promise<HttpReply> {
    const host = this.#host(request);
    const mayBeIdle = host.answered;
    const begun = this.#begin(host, request, signal).catch((error: unknown) => {
      if (!mayBeIdle || signal.aborted || !isClosedConnection(error)) throw error;
      return this.#begin(this.#host(request), request, signal);
    });
    const reply = begun.then((finish) => finish());
    // A HEAD lets go by itself.
    return request.method === 'HEAD' ? reply : untilAborted(reply, signal);
  }

  /** Resolves when the reply has begun, with what reads the rest of it. */
  async #begin(
    host: Host,
    request: HttpRequest,
    signal: AbortSignal,
  ): Promise<() => Promise<HttpReply> | HttpReply> {
    const { method, path, headers, form } = request;
    if (method === 'HEAD') {
      const head = await headRequest(host.pool, { path, headers }, signal);
      host.answered = true;
      return () => ({ ...head, body: NO_BODY });
    }
    const body = form?.toString() ?? null;
    const reply = await host.pool.request({ method, path, headers, body, signal });
    host.answered = true;
    return () => this.#finish(reply, request);
  }

  async #finish(reply: Dispatcher.ResponseData, request: HttpRequest): Promise<HttpReply> {
    const { statusCode: status, headers } = reply;
    const body = await this.#read(reply, request);
    // undici frees the connection in the next turn of the event loop; a caller who goes on before opens another one.
    await setImmediate();
    return { status, headers, body };
  }

  #read(
    { statusCode, headers, body }: Dispatcher.ResponseData,
    { bodyLimit }: HttpRequest,
  ): Promise<Buffer> {
    return statusCode === OK
      ? readBody(body, bodyLimit, declaredLength(headers))
      : readBodyStart(body, this.#limits.errorBytes);
  }

  #host({ mode, authority }: HttpRequest): Host {
    if (this.#disposed) throw new Error(DISPOSED);
    return this.#hosts.getOrCreate(`${mode} ${authority}`, () => ({
      pool: this.#openPool(mode, authority),
      answered: false,
    }));
  }

  #openPool(mode: TransportMode, authority: string): Pool {
    const limits = this.#limits;
    return new Pool(originOf(mode, authority), {
      connect: createConnector({ mode, authority }, limits, this.#observe),
      // One socket of HTTP/1.1 is cheaper per HEAD than a stream of HTTP/2.
      allowH2: false,
      connections: limits.socketsPerHost,
      pipelining: 1,
      headersTimeout: limits.headersTimeout,
      bodyTimeout: limits.bodyTimeout,
      keepAliveTimeout: limits.keepAliveTimeout,
      maxHeaderSize: limits.headerBytes,
    });
  }

  #retire(pool: Pool): void {
    this.#retiring.add(pool);
    const forget = () => this.#retiring.delete(pool);
    pool.close().then(forget, forget);
  }
}

function declaredLength(headers: IncomingHttpHeaders): number | undefined {
  const declared = headers['content-length'];
  return declared === undefined ? undefined : Number(declared);
}
