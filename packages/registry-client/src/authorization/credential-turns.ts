import { LruMap } from '../lru-map.ts';
import { nameOf, type RepositoryTarget } from '../repository-target.ts';
import { type Credential, type CredentialLookup, credentialId } from './credential.ts';

/** Credentials that one request tries; each refusal is a request that a registry may count as an attack. */
const MOST_TURNS = 6;
/** How long what worked is tried first; by then somebody may have put better credentials before it. */
const MEMORY_LIFETIME = 60 * 60 * 1000;
/** Without any credentials there is one turn: nobody's. */
const NOBODY: readonly undefined[] = [undefined];

/** What is shown in one turn; undefined is nobody's. */
export type Turn = Credential | undefined;

interface Remembered {
  readonly id: string;
  readonly expiresAt: number;
}

/**
 * Which credentials a repository is shown, and in which order: what worked there last, then as the source has them, and
 * none at all in the end where that is allowed.
 */
export class CredentialTurns {
  readonly #source: CredentialLookup;
  readonly #anonymous: boolean;
  readonly #now: () => number;
  readonly #worked: LruMap<string, Remembered>;

  constructor(parts: {
    readonly source: CredentialLookup;
    /** Whether a registry that refuses all credentials is asked without any. */
    readonly anonymous: boolean;
    readonly limit: number;
    readonly now: () => number;
  }) {
    this.#source = parts.source;
    this.#anonymous = parts.anonymous;
    this.#now = parts.now;
    this.#worked = new LruMap(parts.limit);
  }

  /** Never empty. At once where nobody has to be asked. */
  of(target: RepositoryTarget): readonly Turn[] | Promise<readonly Turn[]> {
    const source = target.credentials ?? this.#source;
    const found = source(target.registry, target.repository);
    return found instanceof Promise
      ? found.then((credentials) => this.#order(target, credentials))
      : this.#order(target, found);
  }

  #order(target: RepositoryTarget, found: readonly Credential[]): readonly Turn[] {
    if (found.length === 0) return NOBODY;
    if (found.length === 1 && !this.#anonymous) return found;
    const turns: Turn[] = found.slice(0, MOST_TURNS);
    if (this.#anonymous) turns.push(undefined);
    const remembered = this.#remembered(target);
    const best = turns.findIndex((turn) => credentialId(turn) === remembered);
    return best <= 0 ? turns : [...turns.splice(best, 1), ...turns];
  }

  /** Whether one of the turns is known to open the repository, so that what it does not show is not there. */
  isKnown(target: RepositoryTarget, [first]: readonly Turn[]): boolean {
    return this.#remembered(target) === credentialId(first);
  }

  worked(target: RepositoryTarget, turn: Turn): void {
    const id = credentialId(turn);
    if (this.#remembered(target) === id) return;
    this.#worked.set(nameOf(target), { id, expiresAt: this.#now() + MEMORY_LIFETIME });
  }

  #remembered(target: RepositoryTarget): string | undefined {
    const found = this.#worked.get(nameOf(target));
    return found !== undefined && found.expiresAt > this.#now() ? found.id : undefined;
  }
}
