import { RegistryError } from '../registry-error.ts';
import { safeText } from '../reply/registry-text.ts';
import { reachOf } from './address-policy.ts';
import type { HttpReply, HttpRequest } from './transport.ts';
import { modeFor, originOf } from './transport-mode.ts';

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** Signed locations of object stores are 1–4 KiB. */
const LOCATION_LENGTH = 8 * 1024;

export interface RedirectContext {
  readonly subject: string;
  /** The tag's `insecure` covers the hosts that serve its content: digests prove it, and no credentials go there. */
  readonly insecure: boolean;
  /** Of the registry that was asked: `host` or `host:port`. */
  readonly endpoint: string;
}

/** Whether the reply names another place; undici never follows by itself. */
export function isRedirect(reply: HttpReply): boolean {
  return REDIRECTS.has(reply.status);
}

/**
 * The request to send next. Credentials stay with the origin they were made for: object stores refuse a request that
 * carries two kinds. Throws a {@link RegistryError} for a location that is not followed.
 */
export function redirectedRequest(
  request: HttpRequest,
  reply: HttpReply,
  { subject, insecure, endpoint }: RedirectContext,
): HttpRequest {
  const from = new URL(request.path, originOf(request.mode, request.authority));
  const to = resolveLocation(reply.headers.location, from);
  if (typeof to === 'string') throw new RegistryError('RegistryError', `${subject}: ${to}`);
  const path = `${to.pathname}${to.search}`;
  if (to.origin === from.origin) return { ...request, path };
  const { authorization: _, ...headers } = request.headers;
  // Whether the registry wants to be left alone does not concern another host.
  const { mayStart: __, ...asked } = request;
  return {
    ...asked,
    mode: modeFor(to, request.mode, insecure),
    authority: to.host,
    reach: reachOf(to, endpoint),
    path,
    headers,
  };
}

/** The new place, or why it is not followed. Never quotes a query: it may hold a signature. */
function resolveLocation(location: string | undefined, from: URL): URL | string {
  if (location === undefined) return 'redirected without a location';
  const to = location.length > LOCATION_LENGTH ? null : URL.parse(location, from.href);
  if (to === null) return 'redirected to a malformed location';
  const host = safeText(to.host);
  if (to.protocol !== 'https:' && to.protocol !== 'http:') {
    return `redirected to ${safeText(to.protocol)}, which is not followed`;
  }
  if (from.protocol === 'https:' && to.protocol === 'http:') {
    return `redirected from https to plain http at ${host}, which is not followed`;
  }
  return to.username || to.password ? `redirected with credentials to ${host}` : to;
}
