import type { IncomingHttpHeaders } from 'node:http';
import { errors, Pool } from 'undici';
import type { RegistryLimits } from '../limits.ts';
import { LruMap } from '../lru-map.ts';
import { observeReply } from '../observation/observe-reply.ts';
import type { RegistryObserver } from '../observation/registry-event.ts';
import type { AddressPolicy, Reach } from './address-policy.ts';
import type { ReceiverSource } from './body-receiver.ts';
import { createConnector } from './connector.ts';
import type { ProxySource } from './proxy-tunnel.ts';
import { SecureContexts, type TlsSource } from './tls-material.ts';
import { isClosedConnection } from './transport-failure.ts';
import { originOf, type TransportMode } from './transport-mode.ts';
import { type WholeRequest, wholeRequest } from './whole-request.ts';

export interface HttpRequest {
  readonly mode: TransportMode;
  /** `host` or `host:port`. */
  readonly authority: string;
  /** How we came to that host: it decides which addresses may be dialled. */
  readonly reach: Reach;
  readonly method: 'HEAD' | 'GET' | 'POST';
  /** Path and query, built from validated parts. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Largest body of a success; of other replies the start is kept. */
  readonly bodyLimit: number;
  /** Sent as the body of a POST. */
  readonly form?: URLSearchParams;
  /** Why it must not be sent any more, asked at the last moment: it may have waited for a connection. */
  readonly mayStart?: (() => Error | undefined) | undefined;
  /** Who takes the body of the reply, where it does not belong in memory: then `bodyLimit` says nothing about it. */
  readonly receive?: ReceiverSource | undefined;
  /** Give up the connection when the reply is there. */
  readonly lastOnConnection?: boolean;
}

/** A reply, read to its end. */
export interface HttpReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Empty when a receiver took it. */
  readonly body: Buffer;
  /** Bytes that a receiver took. */
  readonly streamed?: number;
}

/** How hosts are dialled. */
export interface TransportOptions {
  readonly limits: RegistryLimits;
  readonly addresses: AddressPolicy;
  readonly tls?: TlsSource | undefined;
  /** Default: none. */
  readonly proxy?: ProxySource | undefined;
  /** Hosts that are spoken to over HTTP/2 if they can. Default: none. */
  readonly http2?: ((authority: string) => boolean) | undefined;
  readonly observe?: RegistryObserver | undefined;
  /** Is told of a host that sent more than the reply to a HEAD, which garbles the next reply on that connection. */
  readonly onGarbledHead?: (place: GarbledHead) => void;
}

export type GarbledHead = Pick<HttpRequest, 'mode' | 'authority'>;

interface Host {
  readonly pool: Pool;
  /** Whether a HEAD was sent whose connection was kept. */
  keptAfterHead: boolean;
  /** Whether a connection of this pool ever brought a reply, so that a closed one may have been an idle one. */
  answered: boolean;
  readonly onAnswered: () => void;
}

const DISPOSED = 'the registry client is closed';
/** Behind the authority in the name of a pool: no authority has a space in it. */
const STREAMED = 'streamed';

type HostTable = Readonly<Record<TransportMode, LruMap<string, Host>>>;

/**
 * Sends single requests over kept connections, one pool per host, mode and reach, and one more for streamed bodies: a
 * connection that a definition's own name opened serves nobody who was led there. Follows nothing, waits for nothing.
 */
export class Transport implements AsyncDisposable {
  readonly #options: TransportOptions;
  readonly #contexts: SecureContexts;
  readonly #hosts: Readonly<Record<Reach, HostTable>>;
  /** Pools pushed out by the limit that still finish their requests. */
  readonly #retiring = new Set<Pool>();
  #disposed = false;

  constructor(options: TransportOptions) {
    this.#options = options;
    this.#contexts = new SecureContexts(options.tls);
    const hosts = () =>
      new LruMap<string, Host>(options.limits.hosts, ({ pool }) => this.#retire(pool));
    const table = () => ({ verified: hosts(), unverified: hosts(), plain: hosts() });
    this.#hosts = { named: table(), led: table() };
  }

  /**
   * Throws what the network, undici or the signal says, untranslated. A connection that the other side closed while
   * it was idle is replaced once; HEAD and GET may be sent twice, and a POST makes nothing but one token more.
   */
  send(request: HttpRequest, signal: AbortSignal): Promise<HttpReply> {
    const { observe } = this.#options;
    if (observe === undefined) return this.#send(request, signal);
    return observeReply(request, () => this.#send(request, signal), observe);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    const tables = Object.values(this.#hosts).flatMap((table) => Object.values(table));
    const hosts = tables.flatMap((table) => [...table.values()]);
    const pools = [...this.#retiring, ...hosts.map(({ pool }) => pool)];
    await Promise.all(pools.map((pool) => pool.destroy()));
  }

  #send(request: HttpRequest, signal: AbortSignal): Promise<HttpReply> {
    const host = this.#host(request);
    if (request.method === 'HEAD' && request.lastOnConnection !== true) host.keptAfterHead = true;
    // The connection of a pool that has answered may be an idle one, which the other side has closed.
    const replace = host.answered
      ? (error: unknown) => this.#replacement(host, request, error)
      : undefined;
    return wholeRequest(this.#wholeRequest(host, request, replace), signal);
  }

  /** What to send in place of a request that met a connection which was over before. */
  #replacement(host: Host, request: HttpRequest, error: unknown): WholeRequest | undefined {
    const garbled = host.keptAfterHead && isGarbled(error);
    if (!garbled && !isClosedConnection(error)) return undefined;
    const again = garbled ? { ...request, lastOnConnection: true } : request;
    return this.#wholeRequest(this.#host(request), again, undefined);
  }

  #wholeRequest(
    { pool, onAnswered }: Host,
    { method, path, headers, form, bodyLimit, mayStart, receive, lastOnConnection }: HttpRequest,
    replace: WholeRequest['replace'],
  ): WholeRequest {
    const body = form === undefined ? null : form.toString();
    return {
      dispatcher: pool,
      // Left open, undici closes the connection after every HEAD.
      options: { method, path, headers, body, reset: lastOnConnection === true },
      successLimit: bodyLimit,
      failureLimit: this.#options.limits.errorBytes,
      onBegun: onAnswered,
      mayStart,
      receive,
      replace,
    };
  }

  #host({ mode, authority, reach, receive }: HttpRequest): Host {
    if (this.#disposed) throw new Error(DISPOSED);
    // Bodies of gigabytes have connections of their own: a look must not wait until one of them is over.
    const name = receive === undefined ? authority : `${authority} ${STREAMED}`;
    return this.#hosts[reach][mode].get(name) ?? this.#open(name, { mode, authority, reach });
  }

  #open(name: string, { mode, authority, reach }: HostPlace): Host {
    const pool = this.#openPool({ mode, authority, reach });
    const host: Host = {
      pool,
      answered: false,
      keptAfterHead: false,
      onAnswered: () => {
        host.answered = true;
      },
    };
    pool.on('disconnect', (_origin, _targets, error) => {
      if (!host.keptAfterHead || !isGarbled(error)) return;
      this.#options.onGarbledHead?.({ mode, authority });
    });
    this.#hosts[reach][mode].set(name, host);
    return host;
  }

  #openPool({ mode, authority, reach }: HostPlace): Pool {
    const { limits, addresses, observe, proxy = () => undefined } = this.#options;
    // One socket of HTTP/1.1 is cheaper per HEAD than a stream of HTTP/2.
    const http2 = mode !== 'plain' && this.#options.http2?.(authority) === true;
    const parts = { limits, addresses, contexts: this.#contexts, proxy, observe };
    return new Pool(originOf(mode, authority), {
      connect: createConnector({ mode, authority, reach, http2 }, parts),
      allowH2: http2,
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

type HostPlace = Pick<HttpRequest, 'mode' | 'authority' | 'reach'>;

/** What came in place of a reply is none. */
function isGarbled(error: unknown): boolean {
  return error instanceof errors.HTTPParserError;
}
