import { join } from 'node:path';
import { createAuthority, isUsableAuthority } from './authority.ts';
import { type CertificatePaths, makeFolder, readPair, writePair } from './certificate-files.ts';
import { parseHosts } from './certified-host.ts';
import {
  type KeyedCertificate,
  type ReadCertificate,
  readKeyedCertificate,
} from './keyed-certificate.ts';
import { createServerCertificate, isUsableServerCertificate } from './server-certificate.ts';

export interface ServingCertificateOptions {
  /** Made when it is missing (mode 0700); its parent must be there. It belongs to this package and to one process at a time. */
  readonly folder: string;
  /** DNS names and IP addresses under which the server will be called. */
  readonly hosts: readonly string[];
  /** ms since the epoch; the present unless told. */
  readonly now?: number;
}

/** A certificate that a server can show, and the authority that its clients must be told to trust. */
export interface ServingCertificate {
  readonly caPem: string;
  readonly certificatePem: string;
  readonly keyPem: string;
  readonly caFile: string;
  readonly certificateFile: string;
  readonly keyFile: string;
}

/**
 * The certificate kept in a folder, signed by a private authority that is kept there, too. Both are made when they are
 * missing, damaged or soon over, the server's also when `hosts` changed; the authority's key never leaves the folder.
 *
 * @throws ServingCertificateError
 */
export async function openServingCertificate(
  options: ServingCertificateOptions,
): Promise<ServingCertificate> {
  const { folder, now = Date.now() } = options;
  const hosts = parseHosts(options.hosts);
  await makeFolder(folder);
  const caPaths = { certificate: join(folder, 'ca.pem'), key: join(folder, 'ca-key.pem') };
  const ca = await keepPair(caPaths, {
    isUsable: (kept) => isUsableAuthority(kept, now),
    create: () => createAuthority(now),
  });
  const paths = { certificate: join(folder, 'certificate.pem'), key: join(folder, 'key.pem') };
  const server = await keepPair(paths, {
    isUsable: (kept) => isUsableServerCertificate(kept, ca.read, { hosts, now }),
    create: () => createServerCertificate(ca.read, { hosts, now }),
  });
  return {
    caPem: ca.pair.certificatePem,
    ...server.pair,
    caFile: caPaths.certificate,
    certificateFile: paths.certificate,
    keyFile: paths.key,
  };
}

interface PairRules {
  readonly isUsable: (kept: ReadCertificate) => boolean;
  readonly create: () => Promise<KeyedCertificate>;
}

interface KeptPair {
  readonly pair: KeyedCertificate;
  readonly read: ReadCertificate;
}

async function keepPair(paths: CertificatePaths, rules: PairRules): Promise<KeptPair> {
  const kept = understand(await readPair(paths));
  if (kept !== undefined && rules.isUsable(kept.read)) return kept;
  const made = understand(await rules.create());
  if (made === undefined) throw new TypeError('a new certificate does not fit its key');
  await writePair(paths, made.pair);
  return made;
}

function understand(pair: KeyedCertificate | undefined): KeptPair | undefined {
  const read = pair && readKeyedCertificate(pair);
  return pair && read && { pair, read };
}
