import type { TokenStore } from '@tagtrail/registry-ledger';
import type { HostTraits } from '../host-traits.ts';
import type { ChosenChallenge, CredentialUse } from '../observation/registry-event.ts';
import { RegistryError } from '../registry-error.ts';
import { safeText } from '../reply/registry-text.ts';
import { nameOf, type RepositoryTarget } from '../repository-target.ts';
import { reachOf } from '../transport/address-policy.ts';
import type { HttpReply } from '../transport/transport.ts';
import { modeFor, type TransportMode } from '../transport/transport-mode.ts';
import { untilAborted } from '../transport/until-aborted.ts';
import { type AuthScheme, type BearerScheme, chooseScheme } from './auth-scheme.ts';
import { requestToken, type TokenIssuerParts, type TokenRequest } from './bearer-token.ts';
import { parseChallenges } from './challenge.ts';
import {
  basicAuthorization,
  type Credential,
  credentialId,
  describeCredential,
  secretsOf,
} from './credential.ts';
import { isTrustedRealm } from './realm-trust.ts';
import { TokenCache, type TokenKey } from './token-cache.ts';

/** One conversation with a registry about one repository. */
export interface Visit {
  readonly target: RepositoryTarget;
  readonly mode: TransportMode;
  readonly traits: HostTraits;
  /** A host that the registry redirects to: it is shown no credentials, whoever it is. */
  readonly isStranger?: boolean;
  /** What this conversation shows when it is asked. */
  readonly credential?: Credential | undefined;
}

/** What to send as Authorization, and why no more than that. */
export interface Grant {
  readonly authorization: string | undefined;
  /** What the user can do if this is not enough. */
  readonly advice: string;
  /** Whether the host has said how it wants to be authenticated to. */
  readonly asked: boolean;
  /** Nothing was shown because nothing may be; other credentials would be kept back, too. */
  readonly withheld?: boolean;
  /** Present when the Authorization is a token. */
  readonly token?: { readonly key: TokenKey; readonly value: string; readonly fresh: boolean };
}

export interface Refusal {
  /** A 401. */
  readonly reply: HttpReply;
  readonly sent: Grant;
  /** It was the registry as a whole that was asked for: what scope it names is not that of the repository. */
  readonly ofRegistry: boolean;
}

export interface AuthorizerParts extends TokenIssuerParts {
  /** Registries, or `host:port` of them, whose credentials may travel over plain HTTP. */
  readonly plaintextRegistries: readonly string[];
  /** Where processes share their tokens. */
  readonly tokenStore?: TokenStore | undefined;
  /** Aborts when the client is disposed of; token requests outlive the caller who began them. */
  readonly lifetime: AbortSignal;
}

/** ms that another process is waited for to bring a token: a look has 10 s for everything, and it may have died. */
const TOKEN_PATIENCE = 3_000;

/** Credentials that may be shown to someone, or the reason why there are none. */
interface Wallet {
  readonly credential: Credential | undefined;
  readonly use: CredentialUse;
  readonly advice: string;
}

/** Turns what a registry demands into an Authorization header, showing credentials only where they belong. */
export class Authorizer {
  readonly #parts: AuthorizerParts;
  readonly #tokens: TokenCache;

  constructor(parts: AuthorizerParts) {
    this.#parts = parts;
    const { limits, now, tokenStore: store } = parts;
    this.#tokens = new TokenCache({
      limit: limits.tokens,
      patience: TOKEN_PATIENCE,
      now,
      store,
    });
  }

  /** Resolves when no token is being asked for any more: what is shared of them must be given up before its store closes. */
  settled(): Promise<void> {
    return this.#tokens.settled();
  }

  /** For the first request: answers the challenge that this host is known for, without waiting for its 401. */
  prepare(visit: Visit, signal: AbortSignal): Grant | Promise<Grant> {
    const { scheme } = visit.traits;
    return scheme === undefined ? UNASKED : this.#prepareFor(visit, scheme, signal);
  }

  async #prepareFor(visit: Visit, scheme: AuthScheme, signal: AbortSignal): Promise<Grant> {
    try {
      return await this.#grant(visit, scheme, signal);
    } catch (error) {
      // Perhaps the host has moved its token service: next time it is asked without a token.
      if (!signal.aborted && !isCoolDown(error)) visit.traits.forgetScheme();
      throw error;
    }
  }

  /** For the second request, after a 401 to `sent`. The same Authorization again means: there is nothing better. */
  async answer(
    visit: Visit,
    { reply, sent, ofRegistry }: Refusal,
    signal: AbortSignal,
  ): Promise<Grant> {
    const challenges = parseChallenges(reply.headers['www-authenticate']);
    const chosen = chooseScheme(challenges, { mode: visit.mode, endpoint: visit.target.endpoint });
    const scheme = ofRegistry ? withoutScope(chosen) : chosen;
    if (scheme !== undefined) visit.traits.learnScheme(scheme, visit.target.repository);
    this.#parts.observe?.({
      kind: 'challenge',
      offered: challenges.map((challenge) => safeText(challenge.scheme)),
      chosen: scheme && this.#tell(visit, scheme, sent),
    });
    if (scheme === undefined) return sent;
    if (this.#isRepeat(visit, scheme, sent)) return sent;
    if (sent.token) await this.#tokens.refused(sent.token.key, sent.token.value);
    return this.#grant(visit, scheme, signal);
  }

  /** For the second request, after a reply that speaks of an expired token; a token made a moment ago is not. */
  async renew(visit: Visit, sent: Grant, signal: AbortSignal): Promise<Grant> {
    const { token } = sent;
    const { scheme } = visit.traits;
    if (token === undefined || token.fresh || scheme === undefined) return sent;
    await this.#tokens.refused(token.key, token.value);
    return this.#grant(visit, scheme, signal);
  }

  /** The challenge for an observer: what the server could have echoed of the Authorization is masked. */
  #tell(visit: Visit, scheme: AuthScheme, sent: Grant): ChosenChallenge {
    const wallet = this.#wallet(visit);
    const isToken = wallet.credential?.token === 'registry';
    if (scheme.kind === 'basic') {
      return { scheme: 'basic', credential: isToken ? 'unfit' : wallet.use };
    }
    const { use, request } = this.#demand(visit, scheme, wallet);
    const { realm, service, scope } = request;
    const told = (text: string) => safeText(text, secretsOf(sent.authorization));
    return {
      scheme: 'bearer',
      realm: told(`${realm.origin}${realm.pathname}`),
      service: service && told(service),
      scope: scope === '' ? undefined : told(scope),
      credential: isToken ? 'shown-as-token' : use,
    };
  }

  /** A token made for this very demand a moment ago: another one would be no better. */
  #isRepeat(visit: Visit, scheme: AuthScheme, { token }: Grant): boolean {
    if (token === undefined || !token.fresh || scheme.kind !== 'bearer') return false;
    const { key } = this.#demand(visit, scheme);
    return JSON.stringify(key) === JSON.stringify(token.key);
  }

  async #grant(visit: Visit, scheme: AuthScheme, signal: AbortSignal): Promise<Grant> {
    const wallet = this.#wallet(visit);
    const { credential } = wallet;
    if (credential?.token === 'registry') return tokenGrant(credential, scheme, wallet);
    if (scheme.kind === 'basic') {
      const { advice } = wallet;
      const authorization = credential && basicAuthorization(credential);
      return { authorization, advice, asked: true, withheld: isWithheld(wallet.use) };
    }
    const { key, request, advice, use } = this.#demand(visit, scheme, wallet);
    const token = this.#tokens.get(key, () =>
      requestToken(request, this.#parts, this.#parts.lifetime),
    );
    const { value, fresh } = await untilAborted(token, signal);
    return {
      authorization: `Bearer ${value}`,
      advice,
      asked: true,
      withheld: isWithheld(use),
      token: { key, value, fresh },
    };
  }

  #demand(
    visit: Visit,
    { realm, service }: BearerScheme,
    wallet = this.#wallet(visit),
  ): { key: TokenKey; request: TokenRequest; advice: string; use: CredentialUse } {
    const { target, mode: registryMode, traits } = visit;
    const trusted = !visit.isStranger && isTrustedRealm(target, realm);
    const mode = modeFor(realm, registryMode, trusted);
    const { credential, use, advice } = walletFor(wallet, trusted ? undefined : realm);
    const scope = traits.scopeOf(target.repository);
    const reach = visit.isStranger ? 'led' : reachOf(realm, target.endpoint);
    const subject = nameOf(target);
    return {
      key: {
        realm: realm.href,
        service,
        credential: credentialId(credential),
        scope,
        modes: `${registryMode} ${mode} ${reach}`,
      },
      request: {
        realm,
        mode,
        reach,
        service,
        scope,
        credential,
        trusted,
        subject,
        registry: target.registry,
        ...(isWithheld(use) && { withheld: advice }),
        isStranger: visit.isStranger === true,
      },
      advice,
      use,
    };
  }

  #wallet({ target, mode, isStranger, credential }: Visit): Wallet {
    const { registry, endpoint } = target;
    if (isStranger) return { credential: undefined, use: 'none', advice: NO_CHALLENGE };
    if (credential === undefined) {
      return { credential, use: 'none', advice: noCredentials(registry) };
    }
    const allowed = this.#parts.plaintextRegistries;
    if (mode === 'plain' && !allowed.includes(registry) && !allowed.includes(endpoint)) {
      return { credential: undefined, use: 'withheld-from-plain', advice: WITHHELD_FROM_PLAIN };
    }
    return { credential, use: 'shown', advice: refusedCredential(credential, registry) };
  }
}

/** Then the token service was not asked at all. */
function isCoolDown(error: unknown): boolean {
  return error instanceof RegistryError && error.code === 'CoolDown';
}

function isWithheld(use: CredentialUse): boolean {
  return use === 'withheld-from-plain' || use === 'withheld-from-realm';
}

function withoutScope(scheme: AuthScheme | undefined): AuthScheme | undefined {
  return scheme?.kind === 'bearer' ? { ...scheme, scope: undefined } : scheme;
}

/** A token that was made elsewhere: no token service is asked, and Basic has no use for it. */
function tokenGrant({ password }: Credential, { kind }: AuthScheme, { advice }: Wallet): Grant {
  const authorization = kind === 'bearer' ? `Bearer ${password}` : undefined;
  return { authorization, advice, asked: true };
}

/** What of the wallet a token service may see: nothing, if it does not belong to the registry. */
function walletFor(wallet: Wallet, stranger: URL | undefined): Wallet {
  if (stranger === undefined || wallet.credential === undefined) return wallet;
  const advice =
    `the configured credentials were not sent to the token service ${stranger.host}, ` +
    'because it does not belong to the registry';
  return { credential: undefined, use: 'withheld-from-realm', advice };
}

const NO_CHALLENGE = 'the registry does not say how to authenticate';
const UNASKED: Grant = { authorization: undefined, advice: NO_CHALLENGE, asked: false };
const WITHHELD_FROM_PLAIN =
  'the configured credentials were not sent, because the registry is spoken to in plain http; ' +
  'serve it over https, or allow plaintext credentials for it';

function noCredentials(registry: string): string {
  return `the repository does not exist, or needs credentials and none are configured for ${registry}`;
}

function refusedCredential(credential: Credential, registry: string): string {
  return `the repository does not exist, or ${describeCredential(credential, registry)} may not pull it`;
}
