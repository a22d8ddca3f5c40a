import type { AccessTokenStore } from '@tagtrail/access-control';
import { DEFAULT_SLOT, openGuardedRedis } from '@tagtrail/redis-connection';
import { accessTokenKeys } from './access-token-keys.ts';
import { RedisAccessTokens } from './redis-access-tokens.ts';

/** ms. Every request waits for it before anything else, so it gives up before people do. */
const READY_WAIT = 2_000;

export interface AccessTokensOptions {
  readonly url: string;
  /** Record slot that the tokens belong to. */
  readonly slot?: string;
  /** Shown in CLIENT LIST. */
  readonly name: string;
}

/**
 * Opens the access tokens of an installation. It does not wait for a connection: without one every method throws
 * AccessControlError `unavailable`. Throws RedisConnectionError `invalid-url` and `invalid-slot`.
 */
export function openAccessTokens(options: AccessTokensOptions): AccessTokenStore {
  const { url, slot = DEFAULT_SLOT, name } = options;
  const keys = accessTokenKeys(slot);
  const guarded = openGuardedRedis({ url, name: `access:${name}`, readyWait: READY_WAIT });
  return new RedisAccessTokens(guarded, keys);
}
