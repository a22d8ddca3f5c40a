import { ApiError, refusal, unintelligible, unreachable } from './api-error.ts';
import { readBody } from './read-body.ts';

/** ms for a whole answer; the server itself gives up after 60 s. */
const ANSWER_TIMEOUT = 65_000;

export interface ConnectionOptions {
  /** Base URL, such as `https://127.0.0.1:8420`; a path in front of the API's is kept. */
  readonly server: string;
  readonly token?: string;
  /**
   * The platform's own unless told. It decides which certificates are trusted. Node's trusts a private authority (PEM) after
   * `tls.setDefaultCACertificates([...tls.getCACertificates('default'), pem])`, before its first request to that server.
   */
  readonly fetch?: typeof fetch;
}

/** Query parameters; absent ones are left out. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface ApiRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly query?: Query;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
  /** ms for the whole answer, where it is not as quick as others. */
  readonly timeout?: number | undefined;
}

/** Sends requests to one server and turns everything that goes wrong into ApiError. */
export class ApiConnection {
  readonly server: string;
  readonly #token: string | undefined;
  readonly #fetch: typeof fetch;

  /** @throws TypeError when `server` is no http(s) URL, or holds credentials, which would end up in messages */
  constructor(options: ConnectionOptions) {
    this.server = checkServer(options.server);
    this.#token = options.token;
    this.#fetch = options.fetch ?? ((...args) => fetch(...args));
  }

  /** Sends a request and reads the JSON that answers it. */
  async request<T>(request: ApiRequest): Promise<T> {
    const timeout = AbortSignal.timeout(request.timeout ?? ANSWER_TIMEOUT);
    const signal = request.signal ? AbortSignal.any([request.signal, timeout]) : timeout;
    const response = await this.open({ ...request, signal });
    return (await this.#readJson(response, request.signal)) as T;
  }

  /** Sends a request and leaves the answer's body to the caller. Throws ApiError unless it is a success. */
  async open({ method = 'GET', path, query, body, signal }: ApiRequest): Promise<Response> {
    const headers: Record<string, string> = { accept: 'application/json' };
    if (this.#token !== undefined) headers['authorization'] = `Bearer ${this.#token}`;
    if (body !== undefined) headers['content-type'] = 'application/json';
    const response = await this.#send(`${this.server}${path}${formatQuery(query)}`, {
      method,
      headers,
      redirect: 'error',
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    });
    if (response.ok) return response;
    throw refusal(response.status, await this.#readRefusal(response), this.server);
  }

  async #send(url: string, init: RequestInit): Promise<Response> {
    try {
      return await this.#fetch(url, init);
    } catch (error) {
      throw this.#translate(error, init.signal ?? undefined);
    }
  }

  async #readJson(response: Response, signal: AbortSignal | undefined): Promise<unknown> {
    try {
      return JSON.parse(await readBody(response));
    } catch (error) {
      if (error instanceof SyntaxError) {
        throw unintelligible(`${this.server} answered something that is not JSON`, {
          cause: error,
        });
      }
      throw this.#translate(error, signal);
    }
  }

  async #readRefusal(response: Response): Promise<unknown> {
    try {
      return JSON.parse(await readBody(response));
    } catch {
      return undefined; // no Status in it: the HTTP status alone has to do
    }
  }

  /** The caller's own abort is passed on as it is; everything else is a server that can't be reached. */
  #translate(error: unknown, signal: AbortSignal | undefined): unknown {
    if (error instanceof ApiError) return error;
    const isTimeout = error instanceof Error && error.name === 'TimeoutError';
    if (signal?.aborted === true && !isTimeout) return error;
    return unreachable(this.server, error);
  }
}

function checkServer(text: string): string {
  const url = URL.parse(text);
  const isHttp = url?.protocol === 'http:' || url?.protocol === 'https:';
  if (url === null || !isHttp) throw new TypeError('the server must be an http:// or https:// URL');
  if (url.username !== '' || url.password !== '') {
    throw new TypeError('the server URL must not hold credentials; pass the token instead');
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

function formatQuery(query: Query = {}): string {
  const given = Object.entries(query).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, String(value)]],
  );
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
}
