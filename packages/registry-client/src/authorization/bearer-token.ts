import type { RegistryLimits } from '../limits.ts';
import { RegistryError } from '../registry-error.ts';
import { failureError } from '../reply/failure-error.ts';
import { statusError } from '../reply/status-error.ts';
import { isRedirect } from '../transport/redirect.ts';
import type { HttpReply, Transport } from '../transport/transport.ts';
import type { TransportMode } from '../transport/transport-mode.ts';
import { basicAuthorization, type Credential, secretsOf } from './credential.ts';
import type { Token } from './token-cache.ts';
import { tokenLifetime } from './token-lifetime.ts';

export interface TokenRequest {
  readonly realm: URL;
  readonly mode: TransportMode;
  readonly service: string | undefined;
  /** Separated by blanks when there are several. */
  readonly scope: string;
  /** Only for a realm that may see it. */
  readonly credential: Credential | undefined;
  /** Whether the realm belongs to the registry, so that its words may be quoted. */
  readonly trusted: boolean;
  /** Opens the message of an error: the repository. */
  readonly subject: string;
}

export interface TokenIssuerParts {
  readonly transport: Transport;
  readonly userAgent: string;
  readonly limits: RegistryLimits;
  readonly now: () => number;
}

/** A token goes into a header as it is; 12 KiB leave room for the other headers of a request. */
const TOKEN_LENGTH = 12 * 1024;
const TOKEN_CHARACTERS = /^[\x21-\x7e]+$/;
const OK = 200;

/**
 * Asks a token service by GET (distribution's token specification). Follows no redirect, so that credentials go to the
 * realm that was judged and nowhere else. Throws a {@link RegistryError}, or the signal's reason.
 */
export async function requestToken(
  request: TokenRequest,
  { transport, userAgent, limits, now }: TokenIssuerParts,
  client: AbortSignal,
): Promise<Token> {
  const { realm, credential, mode } = request;
  const authorization = credential && basicAuthorization(credential);
  const subject = `${request.subject}: token service ${realm.host}`;
  const issuedAt = now();
  const signal = AbortSignal.any([client, AbortSignal.timeout(limits.tokenTimeout)]);
  const headers = {
    accept: 'application/json',
    'accept-encoding': 'identity',
    'user-agent': userAgent,
    ...(authorization !== undefined && { authorization }),
  };
  const path = tokenPath(request);
  const bodyLimit = limits.tokenReplyBytes;
  const reply = await transport
    .send({ mode, authority: realm.host, method: 'GET', path, headers, bodyLimit }, signal)
    .catch((error: unknown) => {
      throw failureError(error, { subject, signal });
    });
  if (reply.status !== OK) throw refusal(reply, { ...request, subject }, issuedAt);
  return { ...decodeToken(reply.body, subject), issuedAt };
}

/** Parameters that the realm brings along stay; several scopes are repeated, as the specification asks. */
function tokenPath({ realm, service, scope }: TokenRequest): string {
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
  const advice = reply.status === 401 ? adviseRefused(credential) : undefined;
  return statusError(reply, { subject, advice, quotable, secrets, now });
}

function adviseRefused(credential: Credential | undefined): string {
  return credential === undefined
    ? 'configure credentials for the registry'
    : 'check the credentials configured for the registry';
}

function decodeToken(body: Buffer, subject: string): Pick<Token, 'value' | 'lifetime'> {
  const { token, access_token, expires_in } = parseReply(body);
  const value = isToken(token) ? token : access_token;
  if (!isToken(value)) {
    throw new RegistryError('RegistryError', `${subject}: the reply holds no usable token`);
  }
  return { value, lifetime: tokenLifetime(value, expires_in) };
}

function isToken(value: unknown): value is string {
  return typeof value === 'string' && value.length <= TOKEN_LENGTH && TOKEN_CHARACTERS.test(value);
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
