import { createHmac, timingSafeEqual } from 'node:crypto';

/** Longest token that is looked at: ours have a hundred scopes at most. */
const TOKEN_LENGTH = 16 * 1024;
const ALGORITHM = 'sha256';
/** The one header that we write and read: whoever names another algorithm or key is not believed (CVE-2025-24976). */
const HEADER = Buffer.from(JSON.stringify({ alg: 'HS256', typ: 'JWT' })).toString('base64url');

/** What a token says: whoever it was made for is looked up again, for it may have been revoked since. */
export interface RegistryClaims {
  /** Id of the access token; empty for the token of the API, `anonymous` for nobody. */
  readonly sub: string;
  /** s since the epoch. */
  readonly iat: number;
  readonly exp: number;
  /** Repositories that were asked for and may be pulled, as Docker writes them. */
  readonly access: readonly RepositoryAccess[];
}

export interface RepositoryAccess {
  readonly type: 'repository';
  readonly name: string;
  readonly actions: readonly string[];
}

/** Makes and reads the short-lived tokens of `docker login`'s second step: JSON web tokens under a key of our own. */
export class RegistryTokens {
  readonly #key: Buffer;

  /** `key`: 32 bytes that all registries of an installation share, or each has alone. */
  constructor(key: Buffer) {
    this.#key = key;
  }

  sign(claims: RegistryClaims): string {
    const body = `${HEADER}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
    return `${body}.${this.#signatureOf(body).toString('base64url')}`;
  }

  /** Undefined when it is none of ours, or over. `now`: ms since the epoch. */
  verify(token: string, now: number): RegistryClaims | undefined {
    if (token.length > TOKEN_LENGTH || !token.startsWith(`${HEADER}.`)) return undefined;
    const end = token.lastIndexOf('.');
    const given = Buffer.from(token.slice(end + 1), 'base64url');
    const wanted = this.#signatureOf(token.slice(0, end));
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return undefined;
    const payload = token.slice(HEADER.length + 1, end);
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as RegistryClaims;
    return claims.exp * 1_000 > now ? claims : undefined;
  }

  #signatureOf(body: string): Buffer {
    return createHmac(ALGORITHM, this.#key).update(body).digest();
  }
}
