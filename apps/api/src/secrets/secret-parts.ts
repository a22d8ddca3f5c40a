import type { PullSecretStore } from '@tagtrail/pull-secrets';

export interface SecretParts {
  readonly secrets: Omit<PullSecretStore, typeof Symbol.asyncDispose>;
  /** ms since the epoch. */
  readonly now: () => number;
  readonly createUid: () => string;
}
