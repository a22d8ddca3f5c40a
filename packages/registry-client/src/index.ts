export {
  type Credential,
  type CredentialLookup,
  type CredentialSource,
  NO_CREDENTIALS,
} from './authorization/credential.ts';
export type { BlobRange, BlobSink } from './blob-transfer.ts';
export type { AskedCoolDown, CoolDown, CoolDowns } from './cool-down.ts';
export type { DecodedAuthFile } from './docker-auth-file.ts';
export { decodeDockerAuthFile, decodeDockercfg } from './docker-auth-file.ts';
export type { FetchedReferrers, Referrer } from './fetch-referrers.ts';
export type { RegistryLimits } from './limits.ts';
export { DEFAULT_LIMITS } from './limits.ts';
export type { TagPage } from './list-tags.ts';
export type { FetchedManifest, ManifestHead } from './manifest-requests.ts';
export type {
  CertificateFacts,
  ChallengeEvent,
  ChosenChallenge,
  ConnectionEvent,
  CredentialUse,
  LookupEvent,
  NoReplyEvent,
  RegistryEvent,
  RegistryObserver,
  ReplyEvent,
  SecureEvent,
  TokenEvent,
} from './observation/registry-event.ts';
export type { PingTarget } from './ping-request.ts';
export type { RegistryClient, RegistryClientOptions, RegistryProbe } from './registry-client.ts';
export { openRegistryClient } from './registry-client.ts';
export type { RegistryErrorCode, RegistryErrorDetails } from './registry-error.ts';
export { RegistryError } from './registry-error.ts';
export type { RepositoryTarget } from './repository-target.ts';
export { type AddressPolicy, PUBLIC_ONLY } from './transport/address-policy.ts';
export type { ProxyServer, ProxySource } from './transport/proxy-tunnel.ts';
export { contextOf, type TlsMaterial, type TlsSource } from './transport/tls-material.ts';
export type { FailureKind, TransportFailure } from './transport/transport-failure.ts';
export type { TransportMode } from './transport/transport-mode.ts';
