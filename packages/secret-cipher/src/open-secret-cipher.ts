import { createSecretCipher, type SecretCipher } from './secret-cipher.ts';
import { readSecretKeys } from './secret-key-file.ts';
import { parseSecretKeys } from './secret-keys.ts';

/** The cipher of a key file's text. Throws SecretCipherError `invalid-key`. */
export function openSecretCipher(keyText: string): SecretCipher {
  const [key, ...olderKeys] = parseSecretKeys(keyText);
  return createSecretCipher(key, olderKeys);
}

/** The cipher of a key file. Throws SecretCipherError `key-file-not-usable` or `invalid-key`, which name the file. */
export async function readSecretCipher(path: string): Promise<SecretCipher> {
  const [key, ...olderKeys] = await readSecretKeys(path);
  return createSecretCipher(key, olderKeys);
}
