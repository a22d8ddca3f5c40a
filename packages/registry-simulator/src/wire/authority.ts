import type { AuthKind, AuthTerms } from './auth-terms.ts';
import type { Reply } from './reply.ts';
import { errorReply, printable } from './reply.ts';
import type { WireRequest } from './route.ts';
import { TokenIssuer } from './token-issuer.ts';

const BASIC_CHALLENGE = 'Basic realm="registry-simulator"';

/** Decides who may read, and runs the token endpoint. Replaced whole when the terms change. */
export class Authority {
  readonly #kind: AuthKind;
  readonly #terms: AuthTerms;
  readonly #tokens: TokenIssuer;

  constructor(kind: AuthKind, terms: AuthTerms, now: () => number) {
    this.#kind = kind;
    this.#terms = terms;
    this.#tokens = new TokenIssuer(terms, now);
  }

  /** The refusal, or undefined when the request may pass. */
  refusal(request: WireRequest): Reply | undefined {
    const [scheme, secret] = readAuthorization(request);
    if (this.#kind === 'none') return undefined;
    if (this.#kind === 'basic') {
      const allowed = scheme === 'basic' && this.#isAccount(secret);
      return allowed ? undefined : unauthorized(BASIC_CHALLENGE);
    }
    const { repository } = request.route;
    const verdict = scheme === 'bearer' ? this.#tokens.verify(secret, repository) : 'missing';
    return verdict === 'valid' ? undefined : unauthorized(bearerChallenge(request, verdict));
  }

  /** The 401 of this registry, as if what came along were worth nothing. */
  demand(request: WireRequest): Reply {
    if (this.#kind !== 'bearer') return unauthorized(BASIC_CHALLENGE);
    const [scheme] = readAuthorization(request);
    const verdict = scheme === 'bearer' ? 'invalid_token' : 'missing';
    return unauthorized(bearerChallenge(request, verdict));
  }

  /** The token endpoint: GET with `scope` parameters, account as Basic. */
  issueToken(request: WireRequest): Reply {
    if (this.#kind !== 'bearer') return errorReply(404, { message: 'no token endpoint here' });
    if (request.method !== 'GET') {
      return errorReply(405, { message: 'tokens are got by GET' }, { Allow: 'GET' });
    }
    const [scheme, secret] = readAuthorization(request);
    const isPublic = this.#terms.username === undefined;
    const allowed = scheme === 'basic' ? this.#isAccount(secret) : isPublic;
    if (!allowed) return unauthorized(BASIC_CHALLENGE);
    return this.#tokens.issue(new URLSearchParams(request.query));
  }

  #isAccount(credentials: string): boolean {
    const { username, password = '' } = this.#terms;
    const given = Buffer.from(credentials, 'base64').toString();
    return username === undefined ? given.includes(':') : given === `${username}:${password}`;
  }
}

function readAuthorization({ headers }: WireRequest): readonly [scheme: string, secret: string] {
  const [scheme = '', secret = ''] = (headers.authorization ?? '').split(' ');
  return [scheme.toLowerCase(), secret];
}

function unauthorized(challenge: string): Reply {
  const headers = { 'WWW-Authenticate': challenge };
  return errorReply(401, { message: 'authentication required' }, headers);
}

type Verdict = 'missing' | 'invalid_token' | 'insufficient_scope';

/** The realm is where the client reached us, whatever name it used. */
function bearerChallenge({ headers, route, secure }: WireRequest, verdict: Verdict): string {
  const host = headers.host?.replace(/[^\w.:[\]-]/g, '') ?? '';
  const scheme = secure === true ? 'https' : 'http';
  const parameters = [`realm="${scheme}://${host}/token"`, `service="${host}"`];
  if (route.repository) parameters.push(`scope="repository:${printable(route.repository)}:pull"`);
  if (verdict !== 'missing') parameters.push(`error="${verdict}"`);
  return `Bearer ${parameters.join(',')}`;
}
