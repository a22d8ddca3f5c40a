import type { AccessTokenStore } from '@tagtrail/access-control';
import type { Logger } from '@tagtrail/observability';

export interface AccessTokenParts {
  readonly accessTokens: Omit<AccessTokenStore, typeof Symbol.asyncDispose>;
  /** Hears who made and who revoked which token. */
  readonly logger: Pick<Logger, 'info'>;
  /** ms since the epoch. */
  readonly now: () => number;
}
