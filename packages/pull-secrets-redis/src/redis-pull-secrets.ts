import {
  MAX_NAMESPACE_BYTES,
  MAX_SECRETS_PER_NAMESPACE,
  type PullSecret,
  type PullSecretStore,
  PullSecretStoreError,
  type SecretKey,
  type SecretWriteResult,
  type StoredSecret,
  type StoredSecrets,
} from '@tagtrail/pull-secrets';
import {
  defineScript,
  describeRedisError,
  type GuardedRedis,
  RedisConnectionError,
} from '@tagtrail/redis-connection';
import type { SecretCipher } from '@tagtrail/secret-cipher';
import { sealSecret, storedSecret } from './seal-secret.ts';
import type { SecretKeys } from './secret-keys.ts';

/** Namespaces read at once for a list of all of them. */
const NAMESPACES_AT_ONCE = 50;
/** The expected version of what must not be there. */
const NONE = '';

const writeSecret = defineScript(new URL('./write-secret.lua', import.meta.url));
const deleteSecret = defineScript(new URL('./delete-secret.lua', import.meta.url));

export interface RedisPullSecretsParts {
  readonly guarded: GuardedRedis;
  readonly keys: SecretKeys;
  /** Undefined: nothing can be written or opened, but deleted. */
  readonly cipher: SecretCipher | undefined;
}

/** Redis's side of the PullSecretStore port: a hash per namespace, a sealed field per secret. */
export class RedisPullSecrets implements PullSecretStore {
  readonly #parts: RedisPullSecretsParts;

  constructor(parts: RedisPullSecretsParts) {
    this.#parts = parts;
  }

  read(key: SecretKey): Promise<StoredSecret | undefined> {
    return this.#use(async ({ guarded, keys, cipher }) => {
      const stored = await guarded.redis.hget(keys.secrets(key.namespace), key.name);
      return stored === null ? undefined : storedSecret(cipher, key, stored);
    });
  }

  readNamespace(namespace: string): Promise<StoredSecrets> {
    return this.#use(async () => {
      const [resourceVersion, secrets] = await Promise.all([
        this.#version(),
        this.#secretsOf(namespace),
      ]);
      return { resourceVersion, secrets };
    });
  }

  list(query: {
    readonly after?: SecretKey;
    readonly limit: number;
  }): Promise<StoredSecrets & { readonly more: boolean }> {
    return this.#use(async () => {
      const resourceVersion = await this.#version();
      const found = await this.#secretsBehind(query);
      const secrets = found.slice(0, query.limit);
      return { resourceVersion, secrets, more: found.length > secrets.length };
    });
  }

  create(secret: PullSecret): Promise<SecretWriteResult> {
    return this.#use(() => this.#write(secret, NONE));
  }

  replace(secret: PullSecret, resourceVersion: string): Promise<SecretWriteResult> {
    return this.#use(() => this.#write(secret, resourceVersion));
  }

  delete(secret: Pick<StoredSecret, 'namespace' | 'name' | 'resourceVersion'>): Promise<boolean> {
    const { namespace, name, resourceVersion } = secret;
    return this.#use(async ({ guarded }) => {
      const args = [name, namespace, resourceVersion];
      return (await deleteSecret(guarded.redis, this.#keysOf(namespace), args)) === 1;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts.guarded[Symbol.asyncDispose]();
  }

  async #write(secret: PullSecret, expected: string): Promise<SecretWriteResult> {
    const { guarded, cipher } = this.#parts;
    const { namespace = '', name, uid = '' } = secret.metadata;
    const sealed = sealSecret(cipher, secret);
    const limits = [MAX_SECRETS_PER_NAMESPACE, MAX_NAMESPACE_BYTES];
    const args = [name, namespace, expected, uid, sealed, ...limits];
    const reply = await writeSecret(guarded.redis, this.#keysOf(namespace), args);
    const [kind, resourceVersion] = reply as [SecretWriteResult['kind'], string];
    if (kind !== 'written') return { kind };
    return { kind, secret: { ...secret, metadata: { ...secret.metadata, resourceVersion } } };
  }

  async #version(): Promise<string> {
    const { guarded, keys } = this.#parts;
    return (await guarded.redis.get(keys.version)) ?? '0';
  }

  async #secretsOf(namespace: string): Promise<readonly StoredSecret[]> {
    const { guarded, keys, cipher } = this.#parts;
    const stored = Object.entries(await guarded.redis.hgetall(keys.secrets(namespace)));
    return stored
      .map(([name, text]) => storedSecret(cipher, { namespace, name }, text))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** At least one more than the limit, if there are so many. */
  async #secretsBehind(query: {
    readonly after?: SecretKey;
    readonly limit: number;
  }): Promise<readonly StoredSecret[]> {
    const { after, limit } = query;
    const { guarded, keys } = this.#parts;
    const found: StoredSecret[] = [];
    let from = after === undefined ? '-' : `[${after.namespace}`;
    while (found.length <= limit) {
      const page = ['LIMIT', 0, NAMESPACES_AT_ONCE] as const;
      const namespaces = await guarded.redis.zrangebylex(keys.namespaces, from, '+', ...page);
      for (const namespace of namespaces)
        found.push(...(await this.#secretsOf(namespace)).filter(isBehind(after)));
      if (namespaces.length < NAMESPACES_AT_ONCE) break;
      from = `(${namespaces.at(-1)}`;
    }
    return found;
  }

  #keysOf(namespace: string): readonly string[] {
    const { keys } = this.#parts;
    return [keys.secrets(namespace), keys.namespaces, keys.version];
  }

  async #use<T>(work: (parts: RedisPullSecretsParts) => Promise<T>): Promise<T> {
    try {
      await this.#parts.guarded.ready();
      return await work(this.#parts);
    } catch (error) {
      throw storeError(error);
    }
  }
}

function isBehind(after: SecretKey | undefined): (secret: SecretKey) => boolean {
  return ({ namespace, name }) =>
    after === undefined || namespace !== after.namespace || name > after.name;
}

/** ioredis attaches every argument of a command to its errors, so none of them leaves. */
function storeError(error: unknown): Error {
  if (error instanceof PullSecretStoreError) return error;
  const { message, cause, retryable } = describeRedisError(error);
  if (!retryable && !(error instanceof RedisConnectionError)) {
    return new Error(`the store of secrets refused: ${message}`, { cause });
  }
  const text = `the store of secrets did not answer: ${message}`;
  return new PullSecretStoreError('unavailable', text, { cause });
}
