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
/** Without the words of the registry, which are about one repository: others hear of it, too. */
const TOO_MANY_REQUESTS = 'it answered 429 Too Many Requests';
const SERVICE_UNAVAILABLE = 'it answered 503 Service Unavailable';

/** Keeps to what registries ask for: nothing more is sent to one that asked to be left alone. */
export class CoolDownRule {
  readonly #coolDowns: CoolDowns | undefined;
  readonly #now: () => number;

  constructor(coolDowns: CoolDowns | undefined, now: () => number) {
    this.#coolDowns = coolDowns;
    this.#now = now;
  }

  /** Why nothing may be sent to the registry now; `subject` opens the message. */
  refusal(registry: string, subject: string): RegistryError | undefined {
    const running = this.#coolDowns?.of(registry);
    if (running === undefined) return undefined;
    const until = new Date(running.until).toISOString();
    const message = `${subject}: not asked, because ${registry} is left alone until ${until}: ${running.reason}`;
    return new RegistryError('CoolDown', message, { retryAfter: this.#rest(running) });
  }

  /**
   * Begins a cool-down when the error says that the registry wants one, and answers the error, which then tells its
   * rest. Only of errors that the registry or its token service has answered with.
   */
  heed(registry: string, error: RegistryError): RegistryError {
    if (this.#coolDowns === undefined || !asksForCoolDown(error)) return error;
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

  /** Rounded up: who waits for it comes after the end. */
  #rest({ until }: CoolDown): number {
    return Math.max(1, Math.ceil(until - this.#now()));
  }
}

/** A server in trouble answers 503, too; only one that says when it will be well again asks for anything. */
function asksForCoolDown({ code, status, retryAfter }: RegistryError): boolean {
  return code === 'TooManyRequests' || (status === UNAVAILABLE && retryAfter !== undefined);
}
