import { describeError, type Logger } from '@tagtrail/observability';
import { openRegistryLedger, type RegistryLedger } from '@tagtrail/registry-ledger-redis';
import { readSecretCipher } from '@tagtrail/secret-cipher';

/** ms between two log lines about the ledger: while Redis is away, every look would write one. */
const TROUBLE_PAUSE = 60_000;

export interface LedgerOptions {
  readonly url: string;
  readonly slot: string;
  /** Of the connection: which kind of process it is. */
  readonly name: string;
  /** The setting `secrets.keyFile`. Without it each process asks for tokens of its own. */
  readonly keyFile?: string | undefined;
}

/** What processes know together of registries. @throws SecretCipherError when the key file cannot be used */
export async function openLedger(
  { url, slot, name, keyFile }: LedgerOptions,
  logger: Logger,
): Promise<RegistryLedger> {
  const cipher = keyFile === undefined ? undefined : await readSecretCipher(keyFile);
  let quietUntil = Number.NEGATIVE_INFINITY;
  const onTrouble = (error: unknown) => {
    if (performance.now() < quietUntil) return;
    quietUntil = performance.now() + TROUBLE_PAUSE;
    const what = 'tokens and what registries taught are not shared with other processes just now';
    logger.warn({ err: describeError(error) }, what);
  };
  return openRegistryLedger({ url, slot, name: `${name}-ledger`, cipher, onTrouble });
}
