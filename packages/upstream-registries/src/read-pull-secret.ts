import {
  authTextOf,
  type PullSecret,
  PullSecretStoreError,
  type StoredSecret,
} from '@tagtrail/pull-secrets';
import {
  type CredentialSource,
  type DecodedAuthFile,
  decodeDockerAuthFile,
  decodeDockercfg,
} from '@tagtrail/registry-client';

/** The credentials in a secret, or why there are none: in words that name the secret and repeat nothing of it. */
export type ReadPullSecret =
  | { readonly ok: true; readonly credentials: CredentialSource }
  | { readonly ok: false; readonly problem: string };

/** Opens a stored secret and reads its credentials. */
export function readPullSecret(stored: StoredSecret): ReadPullSecret {
  try {
    const read = decodeCredentials(stored.open());
    return read.ok ? read : { ok: false, problem: read.message };
  } catch (error) {
    if (!(error instanceof PullSecretStoreError)) throw error;
    return { ok: false, problem: error.message };
  }
}

/** The API has looked at it already; a program of another version may have been that API. */
function decodeCredentials(secret: PullSecret): DecodedAuthFile {
  const file = authTextOf(secret);
  if (file === undefined) return { ok: false, message: 'not text in UTF-8' };
  const decode = file.format === 'dockercfg' ? decodeDockercfg : decodeDockerAuthFile;
  return decode(file.text, { name: `secret "${secret.metadata.name}"`, ofNamespace: true });
}
