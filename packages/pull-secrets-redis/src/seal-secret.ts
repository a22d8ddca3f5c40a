import {
  type PullSecret,
  PullSecretStoreError,
  type SecretKey,
  type StoredSecret,
} from '@tagtrail/pull-secrets';
import { type SecretCipher, SecretCipherError } from '@tagtrail/secret-cipher';

/** As the scripts write it: version, uid, sealed text. */
const STORED = /^(\d+) (\S+) (\S+)$/;
/** Of what cannot be read: the scripts take it for this version too, so that it can be deleted. */
const UNREADABLE_VERSION = '0';

/** The whole secret, labels and annotations too: `kubectl create --save-config` puts a copy of it into one of them. */
export function sealSecret(cipher: SecretCipher | undefined, secret: PullSecret): string {
  const { namespace = '', name, uid = '' } = secret.metadata;
  if (cipher !== undefined) {
    return cipher.seal(JSON.stringify(secret), placeOf({ namespace, name, uid }));
  }
  const message = `${named({ namespace, name })} cannot be sealed: ${NO_KEY}`;
  throw new PullSecretStoreError('no-key', message);
}

/** What stands in Redis, as a secret that opens itself when asked. */
export function storedSecret(
  cipher: SecretCipher | undefined,
  key: SecretKey,
  stored: string,
): StoredSecret {
  const [, resourceVersion = UNREADABLE_VERSION, uid = '', sealed = ''] = STORED.exec(stored) ?? [];
  const { namespace, name } = key;
  const open = () => {
    const secret = openSecret(cipher, { namespace, name, uid }, sealed);
    return { ...secret, metadata: { ...secret.metadata, resourceVersion } };
  };
  return { namespace, name, uid, resourceVersion, open };
}

interface Place extends SecretKey {
  readonly uid: string;
}

function openSecret(cipher: SecretCipher | undefined, place: Place, sealed: string): PullSecret {
  if (cipher === undefined) {
    const message = `${named(place)} cannot be opened: ${NO_KEY}`;
    throw new PullSecretStoreError('no-key', message);
  }
  try {
    // What opens is what was sealed here, so it needs no further looking at.
    return JSON.parse(cipher.open(sealed, placeOf(place))) as PullSecret;
  } catch (error) {
    if (!(error instanceof SecretCipherError)) throw error;
    const message = `${named(place)} cannot be opened: ${error.message}`;
    throw new PullSecretStoreError('not-openable', message, { cause: error });
  }
}

const NO_KEY = 'this process was given no key (secrets.keyFile)';

/** Neither namespaces nor names hold a slash. */
function placeOf({ namespace, name, uid }: Place): string {
  return `${namespace}/${name}/${uid}`;
}

function named({ namespace, name }: SecretKey): string {
  return `secret "${name}" of namespace "${namespace}"`;
}
