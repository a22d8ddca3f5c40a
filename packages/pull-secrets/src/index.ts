export type { AuthText } from './auth-text.ts';
export { authTextOf } from './auth-text.ts';
export { decodeBase64, encodeBase64 } from './base64.ts';
export type { DecodedPullSecret, SecretDraft } from './decode-pull-secret.ts';
export { decodePullSecret } from './decode-pull-secret.ts';
export type { PullSecret, PullSecretType, SecretKey } from './pull-secret.ts';
export { MAX_SECRET_BYTES, PULL_SECRET_KEYS, secretNamed } from './pull-secret.ts';
export type {
  PullSecretStore,
  PullSecretStoreErrorCode,
  SecretWriteResult,
  StoredSecret,
  StoredSecrets,
} from './pull-secret-store.ts';
export {
  MAX_NAMESPACE_BYTES,
  MAX_SECRETS_PER_NAMESPACE,
  PullSecretStoreError,
} from './pull-secret-store.ts';
export { REDACTED } from './secret-fields.ts';
export type { SecretWrite } from './write-pull-secret.ts';
export { createPullSecret, replacePullSecret } from './write-pull-secret.ts';
