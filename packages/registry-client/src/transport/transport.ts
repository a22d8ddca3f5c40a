import type { IncomingHttpHeaders } from 'node:http';
import { Pool } from 'undici';
import type { RegistryLimits } from '../limits.ts';
import { LruMap } from '../lru-map.ts';
import { observeReply } from '../observation/observe-reply.ts';
import type { RegistryObserver } from '../observation/registry-event.ts';
import { createConnector } from './connector.ts';
import { isClosedConnection } from './transport-failure.ts';
import { originOf, type TransportMode } from './transport-mode.ts';
import { wholeRequest } from './whole-request.ts';

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

const DISPOSED = 'the registry client is closed';

/** Sends single requests over kept connections, one pool per host and mode. Follows nothing, waits for nothing. */
export class Transport implements AsyncDisposable {
  readonly #limits: RegistryLimits;
  readonly #observe: RegistryObserver | undefined;
  readonly #hosts: Readonly<Record<TransportMode, LruMap<string, Host>>>;
  /** Pools pushed out by the limit that still finish their requests. */
  readonly #retiring = new Set<Pool>();
  #disposed = false;

  constructor(limits: RegistryLimits, observe?: RegistryObserver) {
    this.#limits = limits;
    this.#observe = observe;
    const table = () => new LruMap<string, Host>(limits.hosts, ({ pool }) => this.#retire(pool));
    this.#hosts = { verified: table(), unverified: table(), plain: table() };
  }

  /**
   * Throws what the network, undici or the signal says, untranslated. A connection that the other side closed while
   * it was idle is replaced once; HEAD and GET may be sent twice, and a POST makes nothing but one token more.
   */
  send(request: HttpRequest, signal: AbortSignal): Promise<HttpReply> {
    if (this.#observe === undefined) return this.#send(request, signal);
    return observeReply(request, () => this.#send(request, signal), this.#observe);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    const hosts = Object.values(this.#hosts).flatMap((table) => [...table.values()]);
    const pools = [...this.#retiring, ...hosts.map(({ pool }) => pool)];
    await Promise.all(pools.map((pool) => pool.destroy()));
  }

  async #send(request: HttpRequest, signal: AbortSignal): Promise<HttpReply> {
    const host = this.#host(request);
    const mayBeIdle = host.answered;
    let begun = false;
    const onBegun = () => {
      begun = true;
      host.answered = true;
    };
    try {
      return await this.#ask(host.pool, request, { onBegun, signal });
    } catch (error) {
      if (begun || !mayBeIdle || signal.aborted || !isClosedConnection(error)) throw error;
      return this.#ask(this.#host(request).pool, request, { onBegun, signal });
    }
  }

  #ask(
    dispatcher: Pool,
    { method, path, headers, form, bodyLimit }: HttpRequest,
    { onBegun, signal }: { readonly onBegun: () => void; readonly signal: AbortSignal },
  ): Promise<HttpReply> {
    const options = { method, path, headers, body: form?.toString() ?? null };
    const limits = { success: bodyLimit, failure: this.#limits.errorBytes };
    return wholeRequest({ dispatcher, options, limits, onBegun }, signal);
  }

  #host({ mode, authority }: HttpRequest): Host {
    if (this.#disposed) throw new Error(DISPOSED);
    return this.#hosts[mode].get(authority) ?? this.#open(mode, authority);
  }

  #open(mode: TransportMode, authority: string): Host {
    const host = { pool: this.#openPool(mode, authority), answered: false };
    this.#hosts[mode].set(authority, host);
    return host;
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
