import {
  type CredentialLookup,
  NO_CREDENTIALS,
  openRegistryClient,
  type RegistryClientOptions,
  type RegistryObserver,
  type RegistryProbe,
} from '@tagtrail/registry-client';
import { askCredentialPrograms } from './ask-credential-programs.ts';
import { type CertificateSettings, readCertificates } from './certificates.ts';
import { joinCredentials } from './join-credentials.ts';
import type { MirrorSetting } from './mirror-places.ts';
import { mirrorRegistry } from './mirrored-registry.ts';
import { type AddressSettings, addressPolicy, isAbout } from './private-registries.ts';
import { createProxySource, type ProxySettings } from './proxy.ts';
import { readCredentials } from './read-credentials.ts';

/** Registries ban clients that do not say who they are. */
const USER_AGENT = 'tagtrail/0.1.0';

/** What processes tell each other of registries. */
type Ledger = Pick<RegistryClientOptions, 'tokens' | 'lessons' | 'coolDowns'>;

/** The settings `registries.*` that say how registries are reached. */
interface WaySettings extends AddressSettings, CertificateSettings, ProxySettings {
  /** The setting `registries.http2`. */
  readonly http2?: readonly string[] | undefined;
  /** The setting `registries.mirrors`. */
  readonly mirrors?: readonly MirrorSetting[] | undefined;
}

/** The settings `registries.*` that concern how registries are spoken to. */
export interface RegistrySettings extends WaySettings, CredentialSettings {
  /** The setting `registries.anonymous`. */
  readonly anonymous?: boolean;
}

export interface RegistryOptions extends Ledger, WaySettings {
  /** Of the operator. Absent: nobody's. */
  readonly credentials?: CredentialLookup;
  /** The setting `registries.anonymous`. */
  readonly anonymous?: boolean;
  readonly observe?: RegistryObserver;
}

/**
 * The registry client as workers have it: whoever opens it sees registries as they do. @throws Error for people, when
 * credentials or certificates cannot be read
 */
export async function openRegistry({
  credentials = () => NO_CREDENTIALS,
  anonymous = true,
  mirrors = [],
  ...options
}: RegistryOptions): Promise<RegistryProbe> {
  const { observe, tokens, lessons, coolDowns } = options;
  const client = openRegistryClient({
    credentials,
    anonymousFallback: anonymous,
    userAgent: USER_AGENT,
    ...(observe && { observe }),
    ...(tokens && { tokens }),
    ...(lessons && { lessons }),
    ...(coolDowns && { coolDowns }),
    ...(await wayOptions(options)),
  });
  return mirrorRegistry(client, { mirrors });
}

async function wayOptions(settings: WaySettings): Promise<Partial<RegistryClientOptions>> {
  const { http2 = [] } = settings;
  const tls = await readCertificates(settings);
  return {
    addresses: addressPolicy(settings),
    proxy: createProxySource(settings),
    http2: (authority) => isAbout(http2, authority),
    ...(tls && { tls }),
  };
}

interface CredentialSettings {
  /** The setting `registries.authFile`. */
  readonly authFile?: string | undefined;
  /** The setting `registries.credentialHelpers`. */
  readonly credentialHelpers?: Readonly<Record<string, string>>;
}

/** The operator's credentials, for every namespace: those of helpers, then those of the file. */
export async function operatorCredentials({
  authFile,
  credentialHelpers = {},
}: CredentialSettings): Promise<CredentialLookup> {
  return joinCredentials(askCredentialPrograms(credentialHelpers), await readCredentials(authFile));
}
