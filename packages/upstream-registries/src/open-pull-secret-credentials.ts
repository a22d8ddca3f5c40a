import type { Logger } from '@tagtrail/observability';
import { openPullSecrets } from '@tagtrail/pull-secrets-redis';
import type { CredentialLookup } from '@tagtrail/registry-client';
import { readSecretCipher } from '@tagtrail/secret-cipher';
import { PullSecretCredentials } from './pull-secret-credentials.ts';

export interface PullSecretOptions {
  readonly url: string;
  readonly slot: string;
  /** The setting `secrets.keyFile`. Without it no namespace has credentials of its own. */
  readonly keyFile?: string | undefined;
}

interface PullSecretUser {
  readonly logger: Logger;
  readonly operator: CredentialLookup;
  /** Of the connection: which kind of process it is. */
  readonly name: string;
}

/** The credentials of namespaces, and the connection behind them. @throws SecretCipherError when the key file cannot be used */
export async function openPullSecretCredentials(
  { url, slot, keyFile }: PullSecretOptions,
  { logger, operator, name }: PullSecretUser,
): Promise<{ readonly namespaces: PullSecretCredentials } & AsyncDisposable> {
  const cipher = keyFile === undefined ? undefined : await readSecretCipher(keyFile);
  const secrets = openPullSecrets({ url, slot, name, cipher });
  const now = () => performance.now();
  return {
    namespaces: new PullSecretCredentials({ secrets, operator, logger, now }),
    [Symbol.asyncDispose]: () => secrets[Symbol.asyncDispose](),
  };
}
