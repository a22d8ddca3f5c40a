import { DEFAULT_SLOT, openGuardedRedis } from '@tagtrail/redis-connection';
import type { LessonStore, TokenStore } from '@tagtrail/registry-ledger';
import type { SecretCipher } from '@tagtrail/secret-cipher';
import { RedisLessons } from './redis-lessons.ts';
import { RedisTokens } from './redis-tokens.ts';

export interface RegistryLedgerOptions {
  readonly url: string;
  readonly slot?: string;
  /** Shown in CLIENT LIST. */
  readonly name: string;
  /** Seals tokens. Without it none enter Redis, and every process asks for its own. */
  readonly cipher?: SecretCipher | undefined;
  /** Is told of every call that failed; nothing else comes of it. */
  readonly onTrouble: (error: unknown) => void;
}

export interface RegistryLedger extends AsyncDisposable {
  readonly tokens: TokenStore | undefined;
  readonly lessons: LessonStore;
}

/**
 * Opens what the processes of an installation know of registries. Waits for no connection: while there is none, nothing
 * is known and nothing is handed on. Throws RedisConnectionError `invalid-url` and `invalid-slot`.
 */
export function openRegistryLedger(options: RegistryLedgerOptions): RegistryLedger {
  const { url, slot = DEFAULT_SLOT, name, cipher, onTrouble } = options;
  const guarded = openGuardedRedis({ url, name });
  const parts = { guarded, slot, onTrouble };
  return {
    tokens: cipher && new RedisTokens({ ...parts, cipher }),
    lessons: new RedisLessons(parts),
    [Symbol.asyncDispose]: () => guarded[Symbol.asyncDispose](),
  };
}
