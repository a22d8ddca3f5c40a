import type { ObjectMeta, ResourceName } from '@tagtrail/apimachinery';

/** The types of secrets that hold credentials of registries, each with the key of `data` that it requires. */
export const PULL_SECRET_KEYS = {
  'kubernetes.io/dockerconfigjson': '.dockerconfigjson',
  'kubernetes.io/dockercfg': '.dockercfg',
} as const;

export type PullSecretType = keyof typeof PULL_SECRET_KEYS;

/** Bytes of all values of a secret together. Source: Kubernetes `MaxSecretSize`. */
export const MAX_SECRET_BYTES = 1024 * 1024;

/** Credentials that a namespace imports with. Source: Kubernetes core/v1 `Secret`. */
export interface PullSecret {
  readonly kind: 'Secret';
  readonly apiVersion: 'v1';
  readonly metadata: ObjectMeta;
  /** With `true`, nothing but labels and annotations changes any more. */
  readonly immutable?: boolean;
  readonly type: PullSecretType;
  /** Values in base64. */
  readonly data: Readonly<Record<string, string>>;
}

export interface SecretKey {
  readonly namespace: string;
  readonly name: string;
}

/** Names a secret in Status messages; without a name, the collection. */
export function secretNamed(name: string): ResourceName {
  return { group: '', resource: 'secrets', kind: 'Secret', name };
}

export function isPullSecretType(type: string): type is PullSecretType {
  return Object.hasOwn(PULL_SECRET_KEYS, type);
}
