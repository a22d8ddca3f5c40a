import type { KeptToken } from '@tagtrail/registry-ledger';
import type { CoolDownRule } from '../cool-down.ts';
import type { RegistryLimits } from '../limits.ts';
import type { RegistryObserver } from '../observation/registry-event.ts';
import { RegistryError } from '../registry-error.ts';
import { failureError } from '../reply/failure-error.ts';
import { statusError } from '../reply/status-error.ts';
import type { Reach } from '../transport/address-policy.ts';
import { isRedirect } from '../transport/redirect.ts';
import type { HttpReply, HttpRequest, Transport } from '../transport/transport.ts';
import type { TransportMode } from '../transport/transport-mode.ts';
import {
  basicAuthorization,
  type Credential,
  describeCredential,
  secretsOf,
} from './credential.ts';
import { type TokenLifetime, tokenForm, tokenLifetime } from './token-lifetime.ts';
import { isTokenText } from './token-text.ts';

export interface TokenRequest {
  readonly realm: URL;
  readonly mode: TransportMode;
  /** How the registry came to name this service: as itself, or as another host. */
  readonly reach: Reach;
  readonly service: string | undefined;
  /** Separated by blanks when there are several. */
  readonly scope: string;
  /** Only for a realm that may see it. */
  readonly credential: Credential | undefined;
  /** Whether the realm belongs to the registry, so that its words may be quoted. */
  readonly trusted: boolean;
  /** Opens the message of an error: the repository. */
  readonly subject: string;
  /** Canonical; messages name it. */
  readonly registry: string;
  /** Why the credentials that there are were kept back. */
  readonly withheld?: string;
  /** The token is for a host that the registry redirects to: what its token service asks for concerns nobody else. */
  readonly isStranger: boolean;
}

export interface TokenIssuerParts {
  readonly transport: Transport;
  readonly userAgent: string;
  readonly limits: RegistryLimits;
  readonly now: () => number;
  readonly coolDowns: CoolDownRule;
  readonly observe?: RegistryObserver | undefined;
}

const OK = 200;
/** How we call ourselves in OAuth 2; token services keep no list of clients. */
const CLIENT_ID = 'tagtrail';
/** Answers of token services that know GET alone: the specification's, GCR's, Artifactory's, Azure's. Source: containerd. */
const POST_UNSUPPORTED: ReadonlySet<number> = new Set([405, 404, 401, 400]);

/**
 * Asks a token service: by GET (distribution's token specification), with an identity token by POST (OAuth 2), and by GET
 * after all where that is not understood. Follows no redirect, so that credentials go to the realm that was judged and
 * nowhere else. Throws a {@link RegistryError}, or the signal's reason.
 */
export async function requestToken(
  request: TokenRequest,
  parts: TokenIssuerParts,
  client: AbortSignal,
): Promise<KeptToken> {
  const issuedAt = parts.now();
  const subject = `${request.subject}: token service ${request.realm.host}`;
  const signal = AbortSignal.any([client, AbortSignal.timeout(parts.limits.tokenTimeout)]);
  const send = (asked: Asked) => sendAsked(asked, { request, parts, subject }, signal);
  const exchanged = request.credential?.token === 'identity';
  const first = exchanged ? await send(askByPost(request, request.credential)) : undefined;
  const understood = first !== undefined && !POST_UNSUPPORTED.has(first.status);
  const reply = understood ? first : await send(askByGet(request));
  if (reply.status !== OK) {
    const refused = refusal(reply, { ...request, subject }, issuedAt);
    throw request.isStranger
      ? refused
      : parts.coolDowns.heed(request.registry, refused, request.credential);
  }
  const { value, ...life } = decodeToken(reply.body, subject);
  parts.observe?.({ kind: 'token', form: tokenForm(value), ...life });
  return { value, lifetime: life.lifetime, issuedAt };
}

/** What differs between the two ways to ask. */
type Asked = Pick<HttpRequest, 'method' | 'path' | 'headers'> & Partial<Pick<HttpRequest, 'form'>>;

function askByGet({ realm, service, scope, credential }: TokenRequest): Asked {
  const authorization = credential && basicAuthorization(credential);
  const headers = authorization === undefined ? {} : { authorization };
  return { method: 'GET', path: tokenPath({ realm, service, scope }), headers };
}

/** Source: distribution's OAuth 2 specification; several scopes are one parameter here. */
function askByPost({ realm, service, scope }: TokenRequest, { password }: Credential): Asked {
  const form = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: password });
  form.append('client_id', CLIENT_ID);
  if (service !== undefined) form.append('service', service);
  if (scope !== '') form.append('scope', scope);
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return { method: 'POST', path: `${realm.pathname}${realm.search}`, headers, form };
}

async function sendAsked(
  asked: Asked,
  context: {
    readonly request: TokenRequest;
    readonly parts: TokenIssuerParts;
    readonly subject: string;
  },
  signal: AbortSignal,
): Promise<HttpReply> {
  const { request, parts, subject } = context;
  const { realm, mode, reach, registry, isStranger } = request;
  const headers = {
    accept: 'application/json',
    'accept-encoding': 'identity',
    'user-agent': parts.userAgent,
    ...asked.headers,
  };
  const bodyLimit = parts.limits.tokenReplyBytes;
  try {
    const sent = { ...asked, mode, authority: realm.host, reach, headers, bodyLimit };
    const mayStart = () => parts.coolDowns.refusal(registry, subject, request.credential);
    return await parts.transport.send(isStranger ? sent : { ...sent, mayStart }, signal);
  } catch (error) {
    throw failureError(error, { subject, signal });
  }
}

/** Parameters that the realm brings along stay; several scopes are repeated, as the specification asks. */
function tokenPath({ realm, service, scope }: Pick<TokenRequest, 'realm' | 'service' | 'scope'>) {
  const url = new URL(realm);
  if (service !== undefined) url.searchParams.append('service', service);
  for (const one of scope.split(' ')) {
    if (one !== '') url.searchParams.append('scope', one);
  }
  return `${url.pathname}${url.search}`;
}

function refusal(reply: HttpReply, request: TokenRequest, now: number): RegistryError {
  const { subject, credential, trusted: quotable } = request;
  if (isRedirect(reply)) {
    return new RegistryError('RegistryError', `${subject}: redirects, which is not followed`);
  }
  const secrets = credential ? secretsOf(basicAuthorization(credential)) : [];
  const advice = reply.status === 401 ? adviseRefused(request) : undefined;
  const sameForAll = request.withheld !== undefined;
  return statusError(reply, { subject, advice, quotable, secrets, now, sameForAll });
}

function adviseRefused({ credential, registry, withheld }: TokenRequest): string {
  return credential === undefined
    ? (withheld ?? 'configure credentials for the registry')
    : `check ${describeCredential(credential, registry)}`;
}

function decodeToken(body: Buffer, subject: string): Pick<KeptToken, 'value'> & TokenLifetime {
  const { token, access_token, expires_in } = parseReply(body);
  const value = isTokenText(token) ? token : access_token;
  if (!isTokenText(value)) {
    throw new RegistryError('RegistryError', `${subject}: the reply holds no usable token`);
  }
  return { value, ...tokenLifetime(value, expires_in) };
}

/** Azure names the token only `access_token`; Docker Hub sends both. */
function parseReply(body: Buffer): {
  token?: unknown;
  access_token?: unknown;
  expires_in?: unknown;
} {
  try {
    const reply: unknown = JSON.parse(body.toString());
    return typeof reply === 'object' && reply !== null ? reply : {};
  } catch {
    // Reported as a reply without a token; the text itself may hold one and is not quoted.
    return {};
  }
}
