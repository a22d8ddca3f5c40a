import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import { SecretCipherError } from './secret-cipher-error.ts';
import { KEY_BYTES } from './secret-keys.ts';

/** Seals texts so that only whoever has the key can read them, and only in the place that they were sealed for. */
export interface SecretCipher {
  /** `place` is bound to the text (associated data): what is copied elsewhere cannot be opened. */
  seal(text: string, place: string): string;
  /** @throws SecretCipherError when the text was sealed with another key or for another place, or was changed. */
  open(sealed: string, place: string): string;
  /** The same text always gets the same mark, and without the key no mark can be made or undone: for comparing. */
  mark(text: string): string;
}

const ALGORITHM = 'aes-256-gcm';
/** Random, as NIST SP 800-38D §8.2.2 has it. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Format of what is sealed; another algorithm gets another number. */
const VERSION = 'v1';
/** Hexadecimal digits of the key's hash that tell keys apart and give nothing of a key away. */
const KEY_ID_LENGTH = 8;
const SEALED = /^v(\d+)\.([0-9a-f]+)\.([\w-]+)$/;

interface NamedKey {
  readonly id: string;
  readonly key: Uint8Array;
}

/**
 * A cipher (AES-256-GCM) whose texts read `v1.<key id>.<nonce, ciphertext and tag in base64url>`. The key seals; older
 * ones only open what they sealed. Throws SecretCipherError `invalid-key` unless every key has 32 bytes.
 */
export function createSecretCipher(
  key: Uint8Array,
  olderKeys: readonly Uint8Array[] = [],
): SecretCipher {
  const current = named(key);
  const known = new Map([...olderKeys.map(named), current].map((one) => [one.id, one.key]));
  const markKey = createHmac('sha256', key).update('mark').digest();
  return {
    seal: (text, place) => seal(current, text, place),
    open: (sealed, place) => open(known, sealed, place),
    mark: (text) => createHmac('sha256', markKey).update(text).digest('base64url'),
  };
}

function seal({ id, key }: NamedKey, text: string, place: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, keyOfPlace(key, place), nonce);
  cipher.setAAD(Buffer.from(place));
  const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final()]);
  const whole = Buffer.concat([sealed, cipher.getAuthTag()]);
  return `${VERSION}.${id}.${whole.toString('base64url')}`;
}

function open(keys: ReadonlyMap<string, Uint8Array>, sealed: string, place: string): string {
  const [, version, id = '', body = ''] = SEALED.exec(sealed) ?? [];
  if (version === undefined) throw new SecretCipherError('damaged', 'it is not sealed text');
  if (`v${version}` !== VERSION) {
    const message = `it was sealed by a newer program, in format v${version}`;
    throw new SecretCipherError('damaged', message);
  }
  const key = keys.get(id);
  if (key !== undefined) return openWith(key, Buffer.from(body, 'base64url'), place);
  const message = `it was sealed with another key, ${id}; known here: ${[...keys.keys()].join(', ')}`;
  throw new SecretCipherError('wrong-key', message);
}

function openWith(key: Uint8Array, sealed: Buffer, place: string): string {
  const end = sealed.length - TAG_BYTES;
  if (end < NONCE_BYTES) throw new SecretCipherError('damaged', 'a part of it is missing');
  const nonce = sealed.subarray(0, NONCE_BYTES);
  const options = { authTagLength: TAG_BYTES };
  const decipher = createDecipheriv(ALGORITHM, keyOfPlace(key, place), nonce, options);
  decipher.setAAD(Buffer.from(place)).setAuthTag(sealed.subarray(end));
  try {
    const text = decipher.update(sealed.subarray(NONCE_BYTES, end));
    return Buffer.concat([text, decipher.final()]).toString('utf8');
  } catch (cause) {
    const message = 'it was changed, or sealed for another place';
    throw new SecretCipherError('damaged', message, { cause });
  }
}

/**
 * Every place has a key of its own: a key with random nonces is good for 2^32 texts (NIST SP 800-38D §8.3), which
 * tokens that are renewed every few minutes would use up in half a year.
 */
function keyOfPlace(key: Uint8Array, place: string): Buffer {
  return createHmac('sha256', key).update('seal\0').update(place).digest();
}

function named(key: Uint8Array): NamedKey {
  return { id: secretKeyId(key), key };
}

/** What sealed texts say about the key that they need. Throws SecretCipherError `invalid-key`. */
export function secretKeyId(key: Uint8Array): string {
  if (key.length !== KEY_BYTES) {
    throw new SecretCipherError('invalid-key', `a key has ${KEY_BYTES} bytes, not ${key.length}`);
  }
  return createHash('sha256').update(key).digest('hex').slice(0, KEY_ID_LENGTH);
}
