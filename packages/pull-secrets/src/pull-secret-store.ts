import type { PullSecret, SecretKey } from './pull-secret.ts';

/** Secrets that one namespace holds at most: each of its imports looks through them all. */
export const MAX_SECRETS_PER_NAMESPACE = 100;
/** Bytes of all secrets of one namespace, sealed: thousands of registries, and little enough to read for one import. */
export const MAX_NAMESPACE_BYTES = 4 * 1024 * 1024;

/** A secret where it is kept; its contents stay sealed until somebody asks. */
export interface StoredSecret extends SecretKey {
  readonly uid: string;
  /** Changes with every write, and no other secret ever has it. */
  readonly resourceVersion: string;
  /** Throws PullSecretStoreError `no-key` and `not-openable`, which name the secret. */
  open(): PullSecret;
}

/** Secrets in the order of namespaces and names, as of one moment. */
export interface StoredSecrets {
  readonly resourceVersion: string;
  readonly secrets: readonly StoredSecret[];
}

export type SecretWriteResult =
  | { readonly kind: 'written'; readonly secret: PullSecret }
  /** Another one is there, or none. */
  | { readonly kind: 'conflict' }
  /** The namespace holds as much as it may. */
  | { readonly kind: 'full' };

/** PORT. Pull secrets, sealed. Every method throws PullSecretStoreError. */
export interface PullSecretStore extends AsyncDisposable {
  read(key: SecretKey): Promise<StoredSecret | undefined>;
  /** All secrets of a namespace. */
  readNamespace(namespace: string): Promise<StoredSecrets>;
  /** Secrets of all namespaces behind `after`, at most `limit`; `more` when there are others. */
  list(query: {
    readonly after?: SecretKey;
    readonly limit: number;
  }): Promise<StoredSecrets & { readonly more: boolean }>;
  /** `conflict` when a secret of that name is there. */
  create(secret: PullSecret): Promise<SecretWriteResult>;
  /** `conflict` unless the secret is still the one of that version. */
  replace(secret: PullSecret, resourceVersion: string): Promise<SecretWriteResult>;
  /** Answers false unless the secret was still the one of that version. */
  delete(secret: Pick<StoredSecret, 'namespace' | 'name' | 'resourceVersion'>): Promise<boolean>;
}

export type PullSecretStoreErrorCode =
  /** Redis does not answer; worth another try. */
  | 'unavailable'
  /** Nothing can be sealed or opened: the process was given no key. */
  | 'no-key'
  /** A secret was sealed with another key, or what is kept of it was changed; the message names it and says which. */
  | 'not-openable';

/** What a store could not do. No message holds a value of a secret. */
export class PullSecretStoreError extends Error {
  override readonly name = 'PullSecretStoreError';
  readonly code: PullSecretStoreErrorCode;
  readonly retryable: boolean;

  constructor(code: PullSecretStoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.retryable = code === 'unavailable';
  }
}
