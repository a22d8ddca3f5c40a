import type { HostTraits } from '../host-traits.ts';
import { nameOf, type RepositoryTarget } from '../repository-target.ts';
import type { HttpReply } from '../transport/transport.ts';
import { modeFor, type TransportMode } from '../transport/transport-mode.ts';
import { untilAborted } from '../transport/until-aborted.ts';
import { type AuthScheme, type BearerScheme, chooseScheme } from './auth-scheme.ts';
import { requestToken, type TokenIssuerParts, type TokenRequest } from './bearer-token.ts';
import { parseChallenges } from './challenge.ts';
import {
  basicAuthorization,
  type Credential,
  type CredentialSource,
  credentialId,
} from './credential.ts';
import { isTrustedRealm } from './realm-trust.ts';
import { TokenCache, type TokenKey } from './token-cache.ts';

/** One conversation with a registry about one repository. */
export interface Visit {
  readonly target: RepositoryTarget;
  readonly mode: TransportMode;
  readonly traits: HostTraits;
}

/** What to send as Authorization, and why no more than that. */
export interface Grant {
  readonly authorization: string | undefined;
  /** What the user can do if this is not enough. */
  readonly advice: string;
  /** Present when the Authorization is a token. */
  readonly token?: { readonly key: TokenKey; readonly value: string; readonly fresh: boolean };
}

export interface AuthorizerParts extends TokenIssuerParts {
  readonly credentials: CredentialSource;
  /** Registries, or `host:port` of them, whose credentials may travel over plain HTTP. */
  readonly plaintextRegistries: readonly string[];
  /** Aborts when the client is disposed of; token requests outlive the caller who began them. */
  readonly lifetime: AbortSignal;
}

/** Credentials that may be shown to someone, or the reason why there are none. */
interface Wallet {
  readonly credential: Credential | undefined;
  readonly advice: string;
}

/** Turns what a registry demands into an Authorization header, showing credentials only where they belong. */
export class Authorizer {
  readonly #parts: AuthorizerParts;
  readonly #tokens: TokenCache;

  constructor(parts: AuthorizerParts) {
    this.#parts = parts;
    this.#tokens = new TokenCache(parts.limits.tokens, parts.now);
  }

  /** For the first request: answers the challenge that this host is known for, without waiting for its 401. */
  async prepare(visit: Visit, signal: AbortSignal): Promise<Grant> {
    const { scheme } = visit.traits;
    if (scheme === undefined) return { authorization: undefined, advice: NO_CHALLENGE };
    try {
      return await this.#grant(visit, scheme, signal);
    } catch (error) {
      // Perhaps the host has moved its token service: next time it is asked without a token.
      if (!signal.aborted) visit.traits.forgetScheme();
      throw error;
    }
  }

  /** For the second request, after a 401 to `sent`. The same Authorization again means: there is nothing better. */
  async answer(
    visit: Visit,
    refused: { readonly reply: HttpReply; readonly sent: Grant },
    signal: AbortSignal,
  ): Promise<Grant> {
    const { reply, sent } = refused;
    const scheme = chooseScheme(parseChallenges(reply.headers['www-authenticate']), visit.mode);
    if (scheme === undefined) return sent;
    visit.traits.learnScheme(scheme, visit.target.repository);
    if (this.#isRepeat(visit, scheme, sent)) return sent;
    if (sent.token) this.#tokens.refused(sent.token.key, sent.token.value);
    return this.#grant(visit, scheme, signal);
  }

  /** A token made for this very demand a moment ago: another one would be no better. */
  #isRepeat(visit: Visit, scheme: AuthScheme, { token }: Grant): boolean {
    if (token === undefined || !token.fresh || scheme.kind !== 'bearer') return false;
    const { key } = this.#demand(visit, scheme);
    return JSON.stringify(key) === JSON.stringify(token.key);
  }

  async #grant(visit: Visit, scheme: AuthScheme, signal: AbortSignal): Promise<Grant> {
    if (scheme.kind === 'basic') {
      const { credential, advice } = this.#wallet(visit);
      return { authorization: credential && basicAuthorization(credential), advice };
    }
    const { key, request, advice } = this.#demand(visit, scheme);
    const token = this.#tokens.get(key, () =>
      requestToken(request, this.#parts, this.#parts.lifetime),
    );
    const { value, fresh } = await untilAborted(token, signal);
    return { authorization: `Bearer ${value}`, advice, token: { key, value, fresh } };
  }

  #demand(
    visit: Visit,
    { realm, service }: BearerScheme,
  ): { key: TokenKey; request: TokenRequest; advice: string } {
    const { target, mode: registryMode, traits } = visit;
    const trusted = isTrustedRealm(target, realm);
    const mode = modeFor(realm, registryMode, trusted);
    const { credential, advice } = this.#walletFor(visit, trusted ? undefined : realm);
    const scope = traits.scopeOf(target.repository);
    const subject = nameOf(target);
    return {
      key: {
        realm: realm.href,
        service,
        credential: credentialId(credential),
        scope,
        modes: `${registryMode} ${mode}`,
      },
      request: { realm, mode, service, scope, credential, trusted, subject },
      advice,
    };
  }

  #walletFor(visit: Visit, stranger: URL | undefined): Wallet {
    const wallet = this.#wallet(visit);
    if (stranger === undefined || wallet.credential === undefined) return wallet;
    const advice =
      `the configured credentials were not sent to the token service ${stranger.host}, ` +
      'because it does not belong to the registry';
    return { credential: undefined, advice };
  }

  #wallet({ target, mode }: Visit): Wallet {
    const { registry, endpoint, repository } = target;
    const credential = this.#parts.credentials(registry, repository);
    if (credential === undefined) return { credential, advice: noCredentials(registry) };
    const allowed = this.#parts.plaintextRegistries;
    if (mode === 'plain' && !allowed.includes(registry) && !allowed.includes(endpoint)) {
      return { credential: undefined, advice: WITHHELD_FROM_PLAIN };
    }
    return { credential, advice: refusedCredentials(registry) };
  }
}

const NO_CHALLENGE = 'the registry does not say how to authenticate';
const WITHHELD_FROM_PLAIN =
  'the configured credentials were not sent, because the registry is spoken to in plain http; ' +
  'serve it over https, or allow plaintext credentials for it';

function noCredentials(registry: string): string {
  return `the repository does not exist, or needs credentials and none are configured for ${registry}`;
}

function refusedCredentials(registry: string): string {
  return `the repository does not exist, or the credentials configured for ${registry} may not pull it`;
}
