import { LruMap } from '../lru-map.ts';
import type { RepositoryTarget } from '../repository-target.ts';
import { describeFailure, type FailureKind, type TransportFailure } from './transport-failure.ts';
import type { TransportMode } from './transport-mode.ts';

/** How long an insecure target starts with the mode that worked: a registry that got its certificate is noticed by then. */
const MEMORY_LIFETIME = 10 * 60 * 1000;

const SAFEST: TransportMode = 'verified';
const SAME_IN_EVERY_MODE: ReadonlySet<FailureKind> = new Set(['unknown-host', 'refused']);
const ABOUT_TLS: ReadonlySet<FailureKind> = new Set(['certificate', 'tls']);
/** How a server that has moved to TLS takes a plain request. */
const LIKE_TLS_NOW: ReadonlySet<FailureKind> = new Set(['closed', 'not-http']);

interface WorkingMode {
  readonly mode: TransportMode;
  readonly expiresAt: number;
}

interface Failed {
  readonly target: RepositoryTarget;
  readonly error: unknown;
  /** With how they failed; the new one is added. */
  readonly tried: Map<TransportMode, FailureKind>;
}

/**
 * Finds the safest way to speak to a registry.
 *
 *   verified ──certificate not trusted──▶ unverified ──▶ plain
 *      └──────────any other failure to connect────────────▲
 *
 * Only insecure targets leave the first step, and only because of failures to connect, never because of an HTTP status.
 * What worked is remembered for insecure targets alone, so a secure one gains nothing from it.
 */
export class ModeLadder {
  readonly #working: LruMap<string, WorkingMode>;
  readonly #now: () => number;

  constructor(hosts: number, now: () => number) {
    this.#working = new LruMap(hosts);
    this.#now = now;
  }

  /** Runs `attempt`, again in the next mode while connecting fails. Throws the failure of the first mode tried. */
  climb<T>(target: RepositoryTarget, attempt: (mode: TransportMode) => Promise<T>): Promise<T> {
    const mode = this.likelyMode(target);
    const first = attempt(mode);
    // Nearly always this is all.
    return target.insecure
      ? first.catch((error: unknown) => this.#climbOn(target, attempt, { mode, error }))
      : first;
  }

  async #climbOn<T>(
    target: RepositoryTarget,
    attempt: (mode: TransportMode) => Promise<T>,
    first: { readonly mode: TransportMode; readonly error: unknown },
  ): Promise<T> {
    const tried = new Map<TransportMode, FailureKind>();
    let next = this.#after(first.mode, { target, error: first.error, tried });
    while (next !== undefined) {
      const mode: TransportMode = next;
      try {
        return await attempt(mode);
      } catch (error) {
        next = this.#after(mode, { target, error, tried });
      }
    }
    throw first.error;
  }

  /** The mode to try after a failed one, if there is one; throws a failure that is the same in all of them. */
  #after(failed: TransportMode, { target, error, tried }: Failed): TransportMode | undefined {
    const failure = describeFailure(error);
    if (failure === undefined || !this.#leadsOn(target.endpoint, failed, failure)) throw error;
    tried.set(failed, failure.kind);
    return nextMode(tried);
  }

  /** Where the next climb begins. */
  likelyMode({ endpoint, insecure }: RepositoryTarget): TransportMode {
    return (insecure ? this.#remembered(endpoint) : undefined) ?? SAFEST;
  }

  /** A reply of the registry proves the mode. Proof does not prolong what is known, so better modes are tried again. */
  answered({ endpoint, insecure }: RepositoryTarget, mode: TransportMode): void {
    if (!insecure || this.#remembered(endpoint) === mode) return;
    this.#working.set(endpoint, { mode, expiresAt: this.#now() + MEMORY_LIFETIME });
  }

  #remembered(endpoint: string): TransportMode | undefined {
    const working = this.#working.get(endpoint);
    return working !== undefined && working.expiresAt > this.#now() ? working.mode : undefined;
  }

  /** Whether another mode may do better; then what was known of this one is forgotten. */
  #leadsOn(endpoint: string, mode: TransportMode, failure: TransportFailure): boolean {
    const known = this.#remembered(endpoint);
    if (!mayLeadOn(known, mode, failure)) return false;
    if (known === mode) this.#working.delete(endpoint);
    return true;
  }
}

/**
 * A registry that spoke TLS minutes ago and is out of reach now is not asked in clear text: something else may answer on
 * its plain port.
 */
function mayLeadOn(
  known: TransportMode | undefined,
  mode: TransportMode,
  { kind, connecting, midway }: TransportFailure,
): boolean {
  if (midway === true) return false;
  if (!connecting) return known === 'plain' && mode === 'plain' && LIKE_TLS_NOW.has(kind);
  if (known === 'verified' || known === 'unverified') return ABOUT_TLS.has(kind);
  return !SAME_IN_EVERY_MODE.has(kind);
}

/** Without verification TLS gets further only where the certificate was the trouble. */
function nextMode(tried: ReadonlyMap<TransportMode, FailureKind>): TransportMode | undefined {
  if (!tried.has('verified')) return 'verified';
  if (tried.get('verified') === 'certificate' && !tried.has('unverified')) return 'unverified';
  return tried.has('plain') ? undefined : 'plain';
}
