import type { HostLessons } from '@tagtrail/registry-ledger';
import { type AuthScheme, chooseScheme } from './authorization/auth-scheme.ts';
import { LruMap } from './lru-map.ts';
import type { TransportMode } from './transport/transport-mode.ts';

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;
/** How long a learned challenge is trusted; a registry that changes it answers 401 before, and is learned anew. */
const CHALLENGE_LIFETIME = DAY;
/** How long HEAD is not tried again on a host that does not support it. */
const HEAD_PAUSE = HOUR;
/** How long no connection is used again after a HEAD on a host that sends more than the reply to one. */
const HEAD_CLOSING = HOUR;
/** How long a 404 to a HEAD is believed because one has succeeded. */
const HEAD_TRUST = DAY;
/** How long a host that wants to be asked for JSON is asked so. */
const JSON_LIFETIME = DAY;
/** A lesson that is in force is handed on again only when this share of its life has passed. */
const STALE_SHARE = 0.5;
/** Repositories of one host whose demanded scope is not the usual one; a registry uses one form for all. */
const UNUSUAL_SCOPES = 1_000;

/** Lessons that are no more than an end. */
type TimedLesson = Exclude<keyof HostLessons, 'challenge'>;

export interface HostTraitsParts {
  readonly now: () => number;
  /** Whom they are of. */
  readonly place: { readonly mode: TransportMode; readonly endpoint: string };
  /** Is told all that is known whenever something new is. */
  readonly onLearned?: (lessons: HostLessons) => void;
}

/** What one host, spoken to in one mode, has taught us. */
export class HostTraits {
  /** Pending while it is asked what other processes have learned. */
  loading: Promise<void> | undefined;
  readonly #parts: HostTraitsParts;
  readonly #scopes = new LruMap<string, string>(UNUSUAL_SCOPES);
  #lessons: HostLessons = {};
  #scheme: AuthScheme | undefined;

  constructor(parts: HostTraitsParts) {
    this.#parts = parts;
  }

  /** How this host wants to be authenticated to; undefined when it was not heard of lately. */
  get scheme(): AuthScheme | undefined {
    const { challenge } = this.#lessons;
    return challenge !== undefined && this.#parts.now() < challenge.until
      ? this.#scheme
      : undefined;
  }

  /** Scope of a token to pull from the repository: what the host last demanded, or the usual one. */
  scopeOf(repository: string): string {
    return this.#scopes.get(repository) ?? usualScope(repository);
  }

  learnScheme(scheme: AuthScheme, repository: string): void {
    const until = this.#parts.now() + CHALLENGE_LIFETIME;
    const isKnown = this.scheme !== undefined && isSameScheme(this.scheme, scheme);
    this.#scheme = scheme;
    if (!isKnown) this.#learn({ challenge: { ...describeScheme(scheme), until } });
    if (scheme.kind !== 'bearer') return;
    const scope = demandedScope(scheme.scope, repository);
    if (scope === usualScope(repository)) this.#scopes.delete(repository);
    else this.#scopes.set(repository, scope);
  }

  forgetScheme(): void {
    this.#scheme = undefined;
  }

  get headIsPaused(): boolean {
    return this.#isInForce('headBrokenUntil');
  }

  pauseHead(): void {
    this.#learnTimed('headBrokenUntil', HEAD_PAUSE);
  }

  /** Whether a connection is of no more use after a HEAD: the host sends a body that does not belong there. */
  get closesAfterHead(): boolean {
    return this.#isInForce('closeAfterHeadUntil');
  }

  closeAfterHead(): void {
    this.#learnTimed('closeAfterHeadUntil', HEAD_CLOSING);
  }

  /** Whether a HEAD succeeded here: then a 404 to one can be believed. */
  get headWorks(): boolean {
    return this.#isInForce('headWorksUntil');
  }

  headWorked(): void {
    this.#learnTimed('headWorksUntil', HEAD_TRUST);
  }

  /** Whether a 406 was seen here: then manifests are asked for as JSON, too. Source: Artifactory. */
  get wantsJson(): boolean {
    return this.#isInForce('wantsJsonUntil');
  }

  wantJson(): void {
    this.#learnTimed('wantsJsonUntil', JSON_LIFETIME);
  }

  /** Takes what others know, except where this process has learned something that lasts longer. */
  adopt(lessons: HostLessons): void {
    const scheme = readScheme(lessons.challenge, this.#parts.place);
    const own = this.#lessons;
    const isNewer = (lessons.challenge?.until ?? 0) > (own.challenge?.until ?? 0);
    const challenge = scheme !== undefined && isNewer ? lessons.challenge : own.challenge;
    if (challenge === lessons.challenge && scheme !== undefined) this.#scheme = scheme;
    const { challenge: _, ...timed } = lessons;
    this.#lessons = { ...latest(own, timed), ...(challenge !== undefined && { challenge }) };
  }

  #isInForce(lesson: TimedLesson): boolean {
    const until = this.#lessons[lesson];
    return until !== undefined && this.#parts.now() < until;
  }

  #learnTimed(lesson: TimedLesson, lifetime: number): void {
    const now = this.#parts.now();
    const rest = (this.#lessons[lesson] ?? 0) - now;
    if (rest < lifetime * STALE_SHARE) this.#learn({ [lesson]: now + lifetime });
  }

  #learn(lessons: HostLessons): void {
    this.#lessons = { ...this.#lessons, ...lessons };
    this.#parts.onLearned?.(this.#lessons);
  }
}

function latest(own: HostLessons, others: Omit<HostLessons, 'challenge'>): HostLessons {
  const merged: Record<string, unknown> = { ...own };
  for (const [name, until] of Object.entries(others)) {
    merged[name] = Math.max(until, Number(merged[name] ?? 0));
  }
  return merged;
}

function describeScheme(scheme: AuthScheme): Omit<NonNullable<HostLessons['challenge']>, 'until'> {
  if (scheme.kind === 'basic') return { scheme: 'basic' };
  const { realm, service } = scheme;
  return { scheme: 'bearer', realm: realm.href, ...(service !== undefined && { service }) };
}

/** As if the host had just said it, so that it is judged in the same way. */
function readScheme(
  challenge: HostLessons['challenge'],
  place: HostTraitsParts['place'],
): AuthScheme | undefined {
  if (challenge === undefined) return undefined;
  const { scheme, realm = '', service } = challenge;
  const said = service === undefined ? [] : [['service', service] as const];
  const parameters = new Map([['realm', realm] as const, ...said]);
  return chooseScheme([{ scheme, parameters }], place);
}

function isSameScheme(one: AuthScheme, other: AuthScheme): boolean {
  return JSON.stringify(describeScheme(one)) === JSON.stringify(describeScheme(other));
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
