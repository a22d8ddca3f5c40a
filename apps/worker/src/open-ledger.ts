import { describeError, type Logger } from '@tagtrail/observability';
import { openRegistryLedger, type RegistryLedger } from '@tagtrail/registry-ledger-redis';
import { readSecretCipher } from '@tagtrail/secret-cipher';

/** ms between two log lines about the ledger: while Redis is away, every look would write one. */
const TROUBLE_PAUSE = 60_000;

export interface LedgerOptions {
  readonly url: string;
  readonly slot: string;
  /** The setting `secrets.keyFile`. Without it each worker asks for tokens of its own. */
  readonly keyFile?: string | undefined;
}

/** What workers know together of registries. @throws SecretCipherError when the key file cannot be used */
export async function openLedger(
  { url, slot, keyFile }: LedgerOptions,
  logger: Logger,
): Promise<RegistryLedger> {
  const cipher = keyFile === undefined ? undefined : await readSecretCipher(keyFile);
  let quietUntil = Number.NEGATIVE_INFINITY;
  const onTrouble = (error: unknown) => {
    if (performance.now() < quietUntil) return;
    quietUntil = performance.now() + TROUBLE_PAUSE;
    const what = 'tokens and what registries taught are not shared with other workers just now';
    logger.warn({ err: describeError(error) }, what);
  };
  return openRegistryLedger({ url, slot, name: 'worker-ledger', cipher, onTrouble });
}
