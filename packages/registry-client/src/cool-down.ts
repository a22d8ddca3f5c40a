import { type Credential, credentialId } from './authorization/credential.ts';
import { LruMap } from './lru-map.ts';
import { RegistryError } from './registry-error.ts';

/** How long a registry is to be left alone, and why. */
export interface CoolDown {
  /** ms since the epoch. */
  readonly until: number;
  /** For people. */
  readonly reason: string;
}

/** A registry has asked to be left alone. */
export interface AskedCoolDown {
  readonly reason: string;
  /** ms that it asked for; absent when it did not say. */
  readonly retryAfter?: number;
}

/** What is known of registries that asked to be left alone; both answer at once, from memory. */
export interface CoolDowns {
  /** That of a canonical registry, e.g. `docker.io`, while it lasts. */
  of(registry: string): CoolDown | undefined;
  begin(registry: string, asked: AskedCoolDown): void;
}

const UNAVAILABLE = 503;
/** Credentials of namespaces that are left alone at a time; the one unused for longest is tried again. */
const OWN_COOL_DOWNS = 1_000;
/** ms that such a credential rests where the registry did not say how long, and at most. */
const OWN_COOL_DOWN = 30_000;
const LONGEST_OWN = 60 * 60 * 1_000;
/** Without the words of the registry, which are about one repository: others hear of it, too. */
const TOO_MANY_REQUESTS = 'it answered 429 Too Many Requests';
const SERVICE_UNAVAILABLE = 'it answered 503 Service Unavailable';

/** Keeps to what registries ask for: nothing more is sent to one that asked to be left alone. */
export class CoolDownRule {
  readonly #coolDowns: CoolDowns | undefined;
  readonly #now: () => number;
  /** Those that were asked of a namespace's own credential; by registry and credential. */
  readonly #own = new LruMap<string, CoolDown>(OWN_COOL_DOWNS);

  constructor(coolDowns: CoolDowns | undefined, now: () => number) {
    this.#coolDowns = coolDowns;
    this.#now = now;
  }

  /** Asks for {@link refusal} at any later moment; undefined where nothing is ever left alone. */
  guard(
    registry: string,
    subject: string,
    credential: Credential | undefined,
  ): (() => RegistryError | undefined) | undefined {
    if (this.#coolDowns === undefined) return undefined;
    return () => this.refusal(registry, subject, credential);
  }

  /** Why nothing may be sent to the registry with this credential now; `subject` opens the message. */
  refusal(
    registry: string,
    subject: string,
    credential: Credential | undefined,
  ): RegistryError | undefined {
    const running = this.#coolDowns?.of(registry) ?? this.#ownOf(registry, credential);
    if (running === undefined) return undefined;
    const until = new Date(running.until).toISOString();
    const message = `${subject}: not asked, because ${registry} is left alone until ${until}: ${running.reason}`;
    return new RegistryError('CoolDown', message, { retryAfter: this.#rest(running) });
  }

  /**
   * Begins a cool-down when the error says that the registry wants one, and answers the error, which then tells its
   * rest. Only of errors that the registry or its token service has answered with. What was said to a namespace's own
   * credential counts for that credential: an account's limit, or a lock after wrong passwords, is not everybody's.
   */
  heed(registry: string, error: RegistryError, credential: Credential | undefined): RegistryError {
    if (this.#coolDowns === undefined || !asksForCoolDown(error)) return error;
    if (credential?.ofNamespace === true) return this.#heedOwn(registry, error, credential);
    const { code, message, status, retryAfter, advice } = error;
    const reason = status === UNAVAILABLE ? SERVICE_UNAVAILABLE : TOO_MANY_REQUESTS;
    this.#coolDowns.begin(registry, { reason, ...(retryAfter !== undefined && { retryAfter }) });
    const running = this.#coolDowns.of(registry);
    const rest = running === undefined ? retryAfter : this.#rest(running);
    return new RegistryError(code, message, {
      ...(status !== undefined && { status }),
      retryAfter: rest,
      advice,
    });
  }

  #heedOwn(registry: string, error: RegistryError, credential: Credential): RegistryError {
    const { retryAfter = OWN_COOL_DOWN } = error;
    const reason = 'it asked that of this credential';
    const until = this.#now() + Math.min(retryAfter, LONGEST_OWN);
    this.#own.set(`${registry} ${credentialId(credential)}`, { until, reason });
    return error;
  }

  #ownOf(registry: string, credential: Credential | undefined): CoolDown | undefined {
    if (credential?.ofNamespace !== true) return undefined;
    const own = this.#own.get(`${registry} ${credentialId(credential)}`);
    return own !== undefined && own.until > this.#now() ? own : undefined;
  }

  /** Rounded up: who waits for it comes after the end. */
  #rest({ until }: CoolDown): number {
    return Math.max(1, Math.ceil(until - this.#now()));
  }
}

/** A server in trouble answers 503, too; only one that says when it will be well again asks for anything. */
function asksForCoolDown({ code, status, retryAfter }: RegistryError): boolean {
  return code === 'TooManyRequests' || (status === UNAVAILABLE && retryAfter !== undefined);
}
