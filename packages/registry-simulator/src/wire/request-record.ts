import type { Reply } from './reply.ts';
import type { RouteKind, WireRequest } from './route.ts';

/**
 * The scheme of the Authorization header; a scheme the simulator does not know counts as `none`.
 */
export type AuthorizationScheme = 'none' | 'basic' | 'bearer';

/** A line of the request log. Never holds a credential. */
export interface RequestRecord {
  /** When the request had arrived, ms since the epoch. */
  readonly at: number;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: string;
  /** The Host header: by which of its names the simulator was called. */
  readonly host: string;
  readonly route: RouteKind;
  readonly repository?: string;
  /** A tag or digest. */
  readonly reference?: string;
  /** 0 when the client gets no status line: the request hangs or its connection is reset. */
  readonly status: number;
  /** Counts TCP connections from 1: equal numbers shared a connection. */
  readonly connection: number;
  readonly remotePort: number;
  readonly userAgent: string;
  readonly accept: string;
  readonly authorization: AuthorizationScheme;
}

/** Who asked: the connection's number and the client's port. */
export interface Caller {
  readonly connection: number;
  readonly remotePort: number;
}

export function recordRequest(
  at: number,
  caller: Caller,
  exchange: { readonly request: WireRequest; readonly reply: Reply },
): RequestRecord {
  const { request, reply } = exchange;
  const { kind, ...named } = request.route;
  return {
    at,
    method: request.method,
    path: request.path,
    query: request.query,
    host: request.headers.host ?? '',
    route: kind,
    ...named,
    status: reachesClient(reply) ? reply.status : 0,
    ...caller,
    userAgent: request.headers['user-agent'] ?? '',
    accept: request.headers.accept ?? '',
    authorization: authorizationScheme(request.headers),
  };
}

function reachesClient({ delivery }: Reply): boolean {
  return delivery.ending === 'complete' || delivery.cut !== undefined;
}

export function authorizationScheme({
  authorization,
}: WireRequest['headers']): AuthorizationScheme {
  const scheme = authorization?.split(' ', 1)[0]?.toLowerCase();
  return scheme === 'basic' || scheme === 'bearer' ? scheme : 'none';
}
