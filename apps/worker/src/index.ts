export type {
  CertificateFacts,
  ChallengeEvent,
  ConnectionEvent,
  CredentialUse,
  LookupEvent,
  RegistryErrorCode,
  RegistryEvent,
  RegistryProbe,
  ReplyEvent,
  RepositoryTarget,
  TokenEvent,
  TransportFailure,
} from '@tagtrail/registry-client';
export { RegistryError } from '@tagtrail/registry-client';
export { openRegistry } from './open-registry.ts';
export { runWorker } from './run-worker.ts';
