import type { Logger } from '@tagtrail/observability';
import type { PullSecretStore, StoredSecret } from '@tagtrail/pull-secrets';
import type { CredentialLookup, CredentialSource } from '@tagtrail/registry-client';
import { joinCredentials } from './join-credentials.ts';
import { readPullSecret } from './read-pull-secret.ts';

/** ms for which scheduled looks take a namespace's secrets to be what they were: each look would ask Redis otherwise. */
const FRESHNESS = 10_000;
/** Namespaces whose secrets are kept opened; those that no look was for longest go first. */
const MAX_NAMESPACES = 1_000;

export interface PullSecretCredentialsParts {
  readonly secrets: Pick<PullSecretStore, 'readNamespace'>;
  /** What is tried after the secrets of any namespace. */
  readonly operator: CredentialLookup;
  readonly logger: Pick<Logger, 'warn'>;
  /** ms from any start. */
  readonly now: () => number;
}

/** For whom credentials are looked up. */
export interface Lookup {
  readonly key: { readonly namespace: string };
  /** Somebody waits for it. */
  readonly request?: unknown;
}

/** A secret as it was opened; `credentials` is undefined for one that cannot be used. */
interface OpenedSecret {
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly credentials: CredentialSource | undefined;
}

interface OpenedNamespace {
  readonly secrets: readonly OpenedSecret[];
  /** Undefined when the namespace has none that can be used: its looks are then like those of any other. */
  readonly lookup: CredentialLookup | undefined;
}

interface Known {
  readonly readAt: number;
  readonly opened: Promise<OpenedNamespace>;
}

/** The credentials that namespaces import with: those of their secrets, in the order of names, then the operator's. */
export class PullSecretCredentials {
  readonly #parts: PullSecretCredentialsParts;
  /** By namespace, the longest unused first. */
  readonly #known = new Map<string, Known>();

  constructor(parts: PullSecretCredentialsParts) {
    this.#parts = parts;
  }

  /**
   * In place of the operator's credentials, those that a job's look may show; undefined where there are no others. For an
   * import that somebody waits for, secrets are read anew: one that was just made counts. Throws PullSecretStoreError
   * `unavailable`: without its secrets a look would tell of a failure that is none.
   */
  async lookupFor({ key, request }: Lookup) {
    const { namespace } = key;
    const known = this.#known.get(namespace);
    const isFresh = known !== undefined && this.#parts.now() - known.readAt < FRESHNESS;
    const current = isFresh && request === undefined ? known : this.#readAnew(namespace, known);
    this.#keep(namespace, current);
    try {
      return (await current.opened).lookup;
    } catch (error) {
      if (this.#known.get(namespace) === current) this.#known.delete(namespace);
      throw error;
    }
  }

  #keep(namespace: string, current: Known): void {
    this.#known.delete(namespace);
    this.#known.set(namespace, current);
    const [oldest] = this.#known.keys();
    if (this.#known.size > MAX_NAMESPACES && oldest !== undefined) this.#known.delete(oldest);
  }

  #readAnew(namespace: string, known: Known | undefined): Known {
    return { readAt: this.#parts.now(), opened: this.#open(namespace, known) };
  }

  async #open(namespace: string, known: Known | undefined): Promise<OpenedNamespace> {
    const { secrets: stored } = await this.#parts.secrets.readNamespace(namespace);
    // What could not be read then has been told to those who waited for it.
    const before = (await known?.opened.catch(() => undefined))?.secrets ?? [];
    const secrets = stored.map((one) => before.find(isVersion(one)) ?? this.#openSecret(one));
    return { secrets, lookup: this.#lookupIn(secrets) };
  }

  #openSecret(stored: StoredSecret): OpenedSecret {
    const { namespace, name, uid, resourceVersion } = stored;
    const read = readPullSecret(stored);
    if (read.ok) return { name, uid, resourceVersion, credentials: read.credentials };
    const { problem } = read;
    const what = 'a secret with credentials cannot be used; imports go on without it';
    this.#parts.logger.warn({ namespace, secret: name, problem }, what);
    return { name, uid, resourceVersion, credentials: undefined };
  }

  #lookupIn(secrets: readonly OpenedSecret[]): CredentialLookup | undefined {
    const sources = secrets.flatMap(({ credentials }) => credentials ?? []);
    if (sources.length === 0) return undefined;
    const own: CredentialSource = (...place) => sources.flatMap((source) => source(...place));
    return joinCredentials(own, this.#parts.operator);
  }
}

function isVersion({ name, uid, resourceVersion }: StoredSecret) {
  return (one: OpenedSecret) =>
    one.name === name && one.uid === uid && one.resourceVersion === resourceVersion;
}
