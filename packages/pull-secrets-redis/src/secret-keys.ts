import { slotKey } from '@tagtrail/redis-connection';

/** Where the secrets of one record slot are. All keys share one hash tag, so that a script may touch any of them. */
export interface SecretKeys {
  /** HASH: name → `<resourceVersion> <uid> <sealed secret>`. */
  secrets(namespace: string): string;
  /** ZSET in lexical order: every namespace that has secrets. */
  readonly namespaces: string;
  /** STRING: counter behind every resourceVersion of a secret. That of streams may have no holes. */
  readonly version: string;
  /** STRING: run id of the Redis process that the counter was last seen under. */
  readonly run: string;
}

/** Builds the keys of a slot, e.g. `{tagtrail}:secrets:shop`. */
export function secretKeys(slot: string): SecretKeys {
  return {
    secrets: (namespace) => slotKey(slot, 'secrets', namespace),
    namespaces: slotKey(slot, 'secret-namespaces'),
    version: slotKey(slot, 'secrets-rv'),
    run: slotKey(slot, 'secrets-run'),
  };
}
