import {
  AccessControlError,
  type AccessToken,
  type AccessTokenRecord,
  type AccessTokenStore,
  EXPIRED_TOKEN_KEPT,
  MAX_ACCESS_TOKENS,
  type TokenCreation,
} from '@tagtrail/access-control';
import {
  defineScript,
  describeRedisError,
  type GuardedRedis,
  RedisConnectionError,
} from '@tagtrail/redis-connection';
import type { Redis } from 'ioredis';
import type { AccessTokenKeys } from './access-token-keys.ts';
import { decodeRecord, encodeRecord } from './decode-record.ts';

const createToken = defineScript(new URL('./create-token.lua', import.meta.url));

/** Redis's side of the AccessTokenStore port: one hash, a field per token. */
export class RedisAccessTokens implements AccessTokenStore {
  readonly #guarded: GuardedRedis;
  readonly #keys: AccessTokenKeys;

  constructor(guarded: GuardedRedis, keys: AccessTokenKeys) {
    this.#guarded = guarded;
    this.#keys = keys;
  }

  create(record: AccessTokenRecord): Promise<TokenCreation> {
    const { id, name, created } = record;
    const limits = [EXPIRED_TOKEN_KEPT, MAX_ACCESS_TOKENS];
    const args = [id, name, encodeRecord(record), created, ...limits];
    return this.#use(
      async (redis) => (await createToken(redis, [this.#keys.tokens], args)) as TokenCreation,
    );
  }

  read(id: string): Promise<AccessTokenRecord | undefined> {
    return this.#use(async (redis) => {
      const stored = await redis.hget(this.#keys.tokens, id);
      return stored === null ? undefined : decodeRecord(id, stored);
    });
  }

  list(): Promise<readonly AccessToken[]> {
    return this.#use(async (redis) => {
      const stored = Object.entries(await redis.hgetall(this.#keys.tokens));
      return stored
        .map(([id, text]) => withoutHash(decodeRecord(id, text)))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
    });
  }

  remove(id: string): Promise<boolean> {
    return this.#use(async (redis) => (await redis.hdel(this.#keys.tokens, id)) === 1);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#guarded[Symbol.asyncDispose]();
  }

  async #use<T>(work: (redis: Redis) => Promise<T>): Promise<T> {
    try {
      await this.#guarded.ready();
      return await work(this.#guarded.redis);
    } catch (error) {
      throw storeError(error);
    }
  }
}

function withoutHash({ hash: _, ...token }: AccessTokenRecord): AccessToken {
  return token;
}

/** ioredis attaches every argument of a command to its errors, so none of them leaves. */
function storeError(error: unknown): Error {
  if (error instanceof AccessControlError) return error;
  const { message, cause, retryable } = describeRedisError(error);
  if (!retryable && !(error instanceof RedisConnectionError)) {
    return new Error(`the store of access tokens refused: ${message}`, { cause });
  }
  const text = `the store of access tokens did not answer: ${message}`;
  return new AccessControlError('unavailable', text, { cause });
}
