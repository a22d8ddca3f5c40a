import type { PullSecretStore } from '@tagtrail/pull-secrets';
import { adoptRun, DEFAULT_SLOT, openGuardedRedis } from '@tagtrail/redis-connection';
import type { SecretCipher } from '@tagtrail/secret-cipher';
import { RedisPullSecrets } from './redis-pull-secrets.ts';
import { secretKeys } from './secret-keys.ts';

/**
 * Versions that the counter jumps ahead when Redis may have forgotten its newest writes: more than are written between
 * two syncs of its log.
 */
const VERSION_JUMP = 1_000_000;

export interface PullSecretsOptions {
  readonly url: string;
  /** Record slot that the secrets belong to. */
  readonly slot?: string;
  /** Shown in CLIENT LIST. */
  readonly name: string;
  /** Without one nothing is sealed or opened: secrets can only be named and deleted. */
  readonly cipher: SecretCipher | undefined;
}

/**
 * Opens the pull secrets of an installation. It does not wait for a connection: without one every method throws
 * PullSecretStoreError `unavailable`. Throws RedisConnectionError `invalid-url` and `invalid-slot`.
 */
export function openPullSecrets(options: PullSecretsOptions): PullSecretStore {
  const { url, slot = DEFAULT_SLOT, name, cipher } = options;
  const keys = secretKeys(slot);
  const counter = { runKey: keys.run, counterKey: keys.version, jump: VERSION_JUMP };
  const guarded = openGuardedRedis({
    url,
    name: `secrets:${name}`,
    onConnected: async (redis) => void (await adoptRun(redis, counter)),
  });
  return new RedisPullSecrets({ guarded, keys, cipher });
}
