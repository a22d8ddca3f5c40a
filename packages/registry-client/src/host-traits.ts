import type { AuthScheme } from './authorization/auth-scheme.ts';
import { LruMap } from './lru-map.ts';
import type { RepositoryTarget } from './repository-target.ts';
import type { TransportMode } from './transport/transport-mode.ts';

/** How long a learned challenge is trusted; a registry that changes it is asked anew by then. */
const CHALLENGE_LIFETIME = 60 * 60 * 1000;
/** How long HEAD is not tried again on a host that does not support it. */
const HEAD_PAUSE = 60 * 60 * 1000;
/** Repositories of one host whose demanded scope is not the usual one; a registry uses one form for all. */
const UNUSUAL_SCOPES = 1_000;

/** What one host, spoken to in one mode, has taught us. */
export class HostTraits {
  readonly #now: () => number;
  #scheme: AuthScheme | undefined;
  #schemeUntil = 0;
  #headPausedUntil = 0;
  readonly #scopes = new LruMap<string, string>(UNUSUAL_SCOPES);
  /** Whether a HEAD ever succeeded here: then a 404 to one can be believed. */
  headWorks = false;
  /** Whether a 406 was seen here: then manifests are asked for as JSON, too. Source: Artifactory. */
  wantsJson = false;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** How this host wants to be authenticated to; undefined when it was not heard of lately. */
  get scheme(): AuthScheme | undefined {
    return this.#now() < this.#schemeUntil ? this.#scheme : undefined;
  }

  /** Scope of a token to pull from the repository: what the host last demanded, or the usual one. */
  scopeOf(repository: string): string {
    return this.#scopes.get(repository) ?? usualScope(repository);
  }

  learnScheme(scheme: AuthScheme, repository: string): void {
    this.#scheme = scheme;
    this.#schemeUntil = this.#now() + CHALLENGE_LIFETIME;
    if (scheme.kind !== 'bearer') return;
    const scope = demandedScope(scheme.scope, repository);
    if (scope === usualScope(repository)) this.#scopes.delete(repository);
    else this.#scopes.set(repository, scope);
  }

  forgetScheme(): void {
    this.#scheme = undefined;
  }

  get headIsPaused(): boolean {
    return this.#now() < this.#headPausedUntil;
  }

  pauseHead(): void {
    this.#headPausedUntil = this.#now() + HEAD_PAUSE;
  }
}

/** Traits by mode and host, so that an insecure target's lessons never reach a secure one. */
export class HostTraitsTable {
  readonly #hosts: Readonly<Record<TransportMode, LruMap<string, HostTraits>>>;
  readonly #create: () => HostTraits;

  constructor(limit: number, now: () => number) {
    const table = () => new LruMap<string, HostTraits>(limit);
    this.#hosts = { verified: table(), unverified: table(), plain: table() };
    this.#create = () => new HostTraits(now);
  }

  of({ endpoint }: RepositoryTarget, mode: TransportMode): HostTraits {
    return this.#hosts[mode].getOrCreate(endpoint, this.#create);
  }
}

/** A demand that speaks of other repositories alone is met besides our own wish (GHCR names `user/image` for all). */
function demandedScope(demanded: string | undefined, repository: string): string {
  const usual = usualScope(repository);
  if (demanded === undefined) return usual;
  const meant = !NAMES_REPOSITORY.test(demanded) || demanded.includes(`repository:${repository}:`);
  return meant || usual === '' ? demanded : `${demanded} ${usual}`;
}

const NAMES_REPOSITORY = /(?:^| )repository:/;

/** Empty when no repository is asked about: then a token proves who asks, and opens nothing. */
function usualScope(repository: string): string {
  return repository === '' ? '' : `repository:${repository}:pull`;
}
