import { hkdfSync, randomBytes } from 'node:crypto';
import { readSecretKeys } from '@tagtrail/secret-cipher';

const KEY_BYTES = 32;
/** Keeps this key apart from whatever else is made of the same secret. */
const PURPOSE = 'tagtrail registry tokens';

/**
 * The key that tokens of the registry are signed with: the same for all registries that have the key file; else one that
 * ends with the process. @throws SecretCipherError when the key file cannot be used
 */
export async function tokenKey(keyFile: string | undefined): Promise<Buffer> {
  if (keyFile === undefined) return randomBytes(KEY_BYTES);
  const [secret] = await readSecretKeys(keyFile);
  return Buffer.from(hkdfSync('sha256', secret, '', PURPOSE, KEY_BYTES));
}
