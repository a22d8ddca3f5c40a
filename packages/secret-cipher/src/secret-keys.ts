import { SecretCipherError } from './secret-cipher-error.ts';

/** AES-256. */
export const KEY_BYTES = 32;
/** Keys in one file: the one that seals, and what is left of earlier ones while things are sealed anew. */
const MAX_KEYS = 16;

/** The key that seals, then those that only open. */
export type SecretKeys = readonly [key: Uint8Array, ...olderKeys: Uint8Array[]];

/**
 * Reads what a key file holds: a key in base64 on each line, the one that seals first. Throws SecretCipherError
 * `invalid-key`, which names the line and nothing of what stands there.
 */
export function parseSecretKeys(text: string): SecretKeys {
  const lines = text.split('\n').map((line) => line.trim());
  const keys = lines.flatMap((line, index) => (line === '' ? [] : [parseKey(line, index + 1)]));
  const [key, ...olderKeys] = keys;
  if (key === undefined) throw new SecretCipherError('invalid-key', 'it holds no key');
  if (keys.length > MAX_KEYS) {
    throw new SecretCipherError('invalid-key', `it holds more than ${MAX_KEYS} keys`);
  }
  return [key, ...olderKeys];
}

/** The text of a key file with one key. */
export function formatSecretKey(key: Uint8Array): string {
  return `${Buffer.from(key).toString('base64')}\n`;
}

function parseKey(line: string, number: number): Uint8Array {
  const key = Buffer.from(line, 'base64');
  if (key.length === KEY_BYTES && key.toString('base64') === line) return key;
  const message = `line ${number} is not a key: ${KEY_BYTES} random bytes in base64`;
  throw new SecretCipherError('invalid-key', message);
}
