import type { Logger } from '@tagtrail/observability';
import { openPullSecrets } from '@tagtrail/pull-secrets-redis';
import type { CredentialLookup } from '@tagtrail/registry-client';
import { readSecretCipher } from '@tagtrail/secret-cipher';
import type { WorkerConfig } from './config.ts';
import { PullSecretCredentials } from './pull-secret-credentials.ts';

/** The credentials of namespaces, and the connection behind them. @throws SecretCipherError when the key file cannot be used */
export async function openPullSecretCredentials(
  { redis: { url, slot }, secrets: { keyFile } }: WorkerConfig,
  { logger, operator }: { readonly logger: Logger; readonly operator: CredentialLookup },
): Promise<{ readonly namespaces: PullSecretCredentials } & AsyncDisposable> {
  const cipher = keyFile === undefined ? undefined : await readSecretCipher(keyFile);
  const secrets = openPullSecrets({ url, slot, name: 'worker', cipher });
  const now = () => performance.now();
  return {
    namespaces: new PullSecretCredentials({ secrets, operator, logger, now }),
    [Symbol.asyncDispose]: () => secrets[Symbol.asyncDispose](),
  };
}
