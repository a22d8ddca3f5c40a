import { randomBytes } from 'node:crypto';
import type { AuthTerms } from './auth-terms.ts';
import type { Reply } from './reply.ts';
import { jsonReply } from './reply.ts';

/**
 * The oldest tokens beyond this are forgotten, that is refused; a client takes one per repository.
 */
const TOKEN_LIMIT = 250_000;

/** Docker Hub's lifetime, in seconds. */
const DEFAULT_LIFETIME_S = 300;

interface IssuedToken {
  readonly repositories: ReadonlySet<string>;
  /** ms since the epoch. */
  readonly expires: number;
}

/** Issues tokens for pulling from single repositories: distribution-spec token authentication. */
export class TokenIssuer {
  readonly #terms: AuthTerms;
  readonly #now: () => number;
  readonly #issued = new Map<string, IssuedToken>();

  constructor(terms: AuthTerms, now: () => number) {
    this.#terms = terms;
    this.#now = now;
  }

  /** Every `scope` parameter is honoured, also several in one, separated by spaces. */
  issue(parameters: URLSearchParams): Reply {
    const scopes = parameters.getAll('scope').flatMap((scope) => scope.split(' '));
    const repositories = scopes.flatMap(
      (scope) => /^repository:(.+):[^:]*$/.exec(scope)?.[1] ?? [],
    );
    const lifetime = this.#terms.expiresIn ?? DEFAULT_LIFETIME_S;
    const issuedAt = this.#now();
    const token = this.#mint(repositories, { issuedAt, lifetime });
    this.#remember(token, {
      repositories: new Set(repositories),
      expires: issuedAt + lifetime * 1000,
    });
    const expiry = { expires_in: lifetime, issued_at: new Date(issuedAt).toISOString() };
    const announced = this.#terms.announceExpiry ?? true;
    return jsonReply(200, { token, access_token: token, ...(announced && expiry) });
  }

  /** Without a repository (the ping) any living token will do. */
  verify(
    token: string,
    repository: string | undefined,
  ): 'valid' | 'invalid_token' | 'insufficient_scope' {
    const issued = this.#issued.get(token);
    if (issued === undefined || issued.expires <= this.#now()) return 'invalid_token';
    if (repository === undefined || issued.repositories.has(repository)) return 'valid';
    return 'insufficient_scope';
  }

  #remember(token: string, issued: IssuedToken): void {
    this.#issued.set(token, issued);
    if (this.#issued.size <= TOKEN_LIMIT) return;
    const [oldest] = this.#issued.keys();
    if (oldest !== undefined) this.#issued.delete(oldest);
  }

  #mint(
    repositories: readonly string[],
    life: { readonly issuedAt: number; readonly lifetime: number },
  ): string {
    const secret = randomBytes(32).toString('base64url');
    if (this.#terms.tokens !== 'jwt') return secret;
    const iat = Math.floor(life.issuedAt / 1000);
    const access = repositories.map((name) => ({ type: 'repository', name, actions: ['pull'] }));
    const claims = { iss: 'registry-simulator', iat, exp: iat + life.lifetime, access };
    return `${encodePart({ alg: 'HS256', typ: 'JWT' })}.${encodePart(claims)}.${secret}`;
  }
}

function encodePart(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
