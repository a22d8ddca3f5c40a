import {
  type Authenticator,
  EVERYWHERE,
  type Principal,
  permits,
  type Role,
} from '@tagtrail/access-control';
import type { RepositoryName } from '../http/route.ts';
import { RegistryFault } from '../registry-fault.ts';
import type { RegistryClaims, RegistryTokens } from './registry-token.ts';

/** Longest Authorization header that is looked at. */
const HEADER_LENGTH = 16 * 1024;
/** `sub` of a token that was given to nobody in particular. */
const ANONYMOUS = 'anonymous';
/** `sub` of the token of the API. */
const OPERATOR = 'operator';
/** s for which a token counts. Docker asks for one per pull; whether its owner may still pull is asked each time. */
export const TOKEN_LIFE = 300;

export interface GatekeeperParts {
  readonly authenticator: Authenticator;
  readonly tokens: RegistryTokens;
  /** Namespaces open to everybody; `*` for all. */
  readonly anonymousNamespaces: readonly string[];
  /** ms since the epoch. */
  readonly now: () => number;
}

/** Who asks: a principal, nobody (who may see what is open to everybody), or somebody with a token for some repositories. */
export interface Visitor {
  readonly principal: Principal | undefined;
  /** What a token was made for; undefined for whoever shows their own. */
  readonly claims?: RegistryClaims;
}

const NOBODY: Visitor = { principal: undefined };

/** Decides who may see what. The view role on a namespace is the right to pull from it. */
export class Gatekeeper {
  readonly #parts: GatekeeperParts;
  readonly #open: ReadonlySet<string>;

  constructor(parts: GatekeeperParts) {
    this.#parts = parts;
    this.#open = new Set(parts.anonymousNamespaces);
  }

  /** Whether everybody may see everything. */
  get isOpen(): boolean {
    return this.#open.has(EVERYWHERE);
  }

  /** Finds out who asks. Throws {@link RegistryFault} `UNAUTHORIZED` when what they show is worth nothing. */
  async admit(authorization: string | undefined): Promise<Visitor> {
    if (authorization === undefined || authorization === '') return NOBODY;
    const [, scheme = '', credentials = ''] =
      /^(\w+) +(\S+) *$/.exec(authorization.slice(0, HEADER_LENGTH)) ?? [];
    if (scheme.toLowerCase() === 'basic') return this.login(passwordOf(credentials));
    if (scheme.toLowerCase() !== 'bearer')
      throw unauthorized('Basic and Bearer are what this registry takes');
    const claims = this.#parts.tokens.verify(credentials, this.#parts.now());
    if (claims === undefined) return this.login(credentials);
    if (claims.sub === ANONYMOUS) return { principal: undefined, claims };
    const principal = await this.#find(claims.sub);
    if (principal === undefined)
      throw unauthorized('the access token behind this token was revoked, or is over');
    return { principal, claims };
  }

  /** Somebody with an access token, or the token of the API. Throws {@link RegistryFault} `UNAUTHORIZED`. */
  async login(token: string): Promise<Visitor> {
    const principal = await this.#parts.authenticator.authenticate(token);
    if (principal === undefined) throw unauthorized('no such access token, or it is over');
    return { principal };
  }

  /** Whether the visitor may pull from the namespace. */
  mayPull({ principal }: Visitor, namespace: string): boolean {
    if (this.isOpen || this.#open.has(namespace)) return true;
    return principal !== undefined && permits(principal, 'view', namespace);
  }

  /** Throws {@link RegistryFault}: 401 to whoever may come back with a token, 403 to whoever has shown one. */
  checkPull(visitor: Visitor, repository: RepositoryName): void {
    const { namespace, name } = repository;
    const { claims, principal } = visitor;
    const isNamed =
      claims === undefined || claims.access.some((one) => one.name === `${namespace}/${name}`);
    if (this.mayPull(visitor, namespace) && (isNamed || this.isOpen)) return;
    if (principal === undefined || claims !== undefined) {
      throw unauthorized(
        `${namespace}/${name}: log in with an access token that may view namespace ${namespace}`,
      );
    }
    const message = `${namespace}/${name}: token "${principal.name}" may not view namespace ${namespace}`;
    throw new RegistryFault('DENIED', message);
  }

  /** For what concerns the whole registry. Throws {@link RegistryFault}. */
  checkRole({ principal, claims }: Visitor, role: Role): void {
    // A token for some repositories is for these alone.
    if (principal === undefined || claims !== undefined)
      throw unauthorized('log in with an access token');
    if (permits(principal, role, EVERYWHERE)) return;
    const message = `token "${principal.name}" has not the role ${role} everywhere`;
    throw new RegistryFault('DENIED', message);
  }

  /** A token for those of the scopes that the visitor may pull. */
  issue(
    visitor: Visitor,
    scopes: readonly RepositoryName[],
  ): { readonly token: string; readonly issuedAt: number } {
    const iat = Math.floor(this.#parts.now() / 1_000);
    const access = scopes
      .filter(({ namespace }) => this.mayPull(visitor, namespace))
      .map(({ namespace, name }) => ({
        type: 'repository' as const,
        name: `${namespace}/${name}`,
        actions: ['pull'],
      }));
    const { principal } = visitor;
    const sub = principal === undefined ? ANONYMOUS : (principal.tokenId ?? OPERATOR);
    return {
      token: this.#parts.tokens.sign({ sub, iat, exp: iat + TOKEN_LIFE, access }),
      issuedAt: iat,
    };
  }

  /** The operator is whoever had the API's token when this was signed, under a key that nobody else has. */
  #find(sub: string): Promise<Principal | undefined> {
    if (sub !== OPERATOR) return this.#parts.authenticator.find(sub);
    const grants = [{ role: 'admin' as const, namespace: EVERYWHERE }];
    return Promise.resolve({ name: 'admin', tokenId: undefined, grants });
  }
}

/** The password is the token; the user may be called anything, as Docker insists on one. */
function passwordOf(credentials: string): string {
  const text = Buffer.from(credentials, 'base64').toString();
  return text.slice(text.indexOf(':') + 1);
}

function unauthorized(message: string): RegistryFault {
  return new RegistryFault('UNAUTHORIZED', message);
}
