import type { IncomingHttpHeaders } from 'node:http';

export const ROUTE_KINDS = ['ping', 'manifest', 'blob', 'tags', 'token', 'unknown'] as const;

/** What a request is for; `unknown` is any path the simulator has nothing at. */
export type RouteKind = (typeof ROUTE_KINDS)[number];

export interface Route {
  readonly kind: RouteKind;
  /** As asked for, valid or not. */
  readonly repository?: string;
  /** A tag or digest, as asked for. */
  readonly reference?: string;
}

/** A request as the routes, the faults and the log see it. */
export interface WireRequest {
  readonly method: string;
  readonly path: string;
  /** Without the question mark; empty when there was none. */
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  /** Whether it came over TLS. */
  readonly secure?: boolean;
  readonly route: Route;
}

const PREFIX = '/v2/';
const TAGS_SUFFIX = '/tags/list';
const KEYWORDS = [
  ['/manifests', 'manifest'],
  ['/blobs', 'blob'],
] as const;

/** Splits a request target at the first question mark. */
export function splitTarget(target: string): { path: string; query: string } {
  const mark = target.indexOf('?');
  if (mark < 0) return { path: target, query: '' };
  return { path: target.slice(0, mark), query: target.slice(mark + 1) };
}

/**
 * Names hold slashes and even the keywords, so paths are read from the right: the tag `latest` of
 * the repository `a/manifests/b` is at `/v2/a/manifests/b/manifests/latest`.
 */
export function parseRoute(path: string): Route {
  if (path === PREFIX || path === '/v2') return { kind: 'ping' };
  if (path === '/token') return { kind: 'token' };
  if (!path.startsWith(PREFIX)) return { kind: 'unknown' };
  const rest = decode(path.slice(PREFIX.length));
  if (rest === undefined) return { kind: 'unknown' };
  if (rest.endsWith(TAGS_SUFFIX)) {
    return { kind: 'tags', repository: rest.slice(0, -TAGS_SUFFIX.length) };
  }
  return parseContentRoute(rest);
}

function parseContentRoute(rest: string): Route {
  const cut = rest.lastIndexOf('/');
  const name = rest.slice(0, cut);
  for (const [keyword, kind] of KEYWORDS) {
    if (!name.endsWith(keyword)) continue;
    const repository = name.slice(0, -keyword.length);
    return { kind, repository, reference: rest.slice(cut + 1) };
  }
  return { kind: 'unknown' };
}

/** Undefined when the escapes are not UTF-8. Most paths have none. */
function decode(text: string): string | undefined {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    // A URIError says no more than that the escapes are malformed.
    return undefined;
  }
}
