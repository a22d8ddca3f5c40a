export type { RegistryLedger, RegistryLedgerOptions } from './open-registry-ledger.ts';
export { openRegistryLedger } from './open-registry-ledger.ts';
