export { openSecretCipher, readSecretCipher } from './open-secret-cipher.ts';
export type { SecretCipher } from './secret-cipher.ts';
export { createSecretCipher, secretKeyId } from './secret-cipher.ts';
export type { SecretCipherErrorCode } from './secret-cipher-error.ts';
export { SecretCipherError } from './secret-cipher-error.ts';
export { createSecretKeyFile, readSecretKeys } from './secret-key-file.ts';
export type { SecretKeys } from './secret-keys.ts';
