import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface KeyPair {
  /** Files in PEM. */
  readonly certificate: string;
  readonly key: string;
}

/** Certificates as a company makes them: a root that nobody else knows, an intermediate, a server and a client. */
export interface GateCertificates {
  /** What must be trusted. */
  readonly root: string;
  /** For loopback and `address`, with the intermediate behind it. */
  readonly server: KeyPair;
  readonly client: KeyPair;
  /** Signs tokens; a root of its own. */
  readonly tokens: KeyPair;
}

/** Issues all of them into `folder`, from the `openssl` command. */
export function issueCertificates(folder: string, address: string): GateCertificates {
  mkdirSync(folder, { recursive: true });
  const authority = 'basicConstraints=critical,CA:TRUE';
  const root = issue(folder, { name: 'root', extension: authority });
  const intermediate = issue(folder, { name: 'intermediate', extension: authority, issuer: root });
  const names = `subjectAltName=IP:127.0.0.1,IP:${address.replace(/[[\]]/g, '')}`;
  const leaf = issue(folder, { name: 'server', extension: names, issuer: intermediate });
  const use = 'extendedKeyUsage=clientAuth';
  const client = issue(folder, { name: 'client', extension: use, issuer: root });
  const tokens = issue(folder, { name: 'tokens', extension: authority });
  const chain = join(folder, 'chain.pem');
  writeFileSync(
    chain,
    readFileSync(leaf.certificate, 'utf8') + readFileSync(intermediate.certificate, 'utf8'),
  );
  return { root: root.certificate, server: { ...leaf, certificate: chain }, client, tokens };
}

interface Issue {
  readonly name: string;
  readonly extension: string;
  /** Itself without one. */
  readonly issuer?: KeyPair;
}

function issue(folder: string, { name, extension, issuer }: Issue): KeyPair {
  const pair = { certificate: join(folder, `${name}.pem`), key: join(folder, `${name}-key.pem`) };
  const signed = issuer === undefined ? [] : ['-CA', issuer.certificate, '-CAkey', issuer.key];
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
      ...['-days', '2', '-subj', `/CN=tagtrail test ${name}`, '-addext', extension, ...signed],
      ...['-keyout', pair.key, '-out', pair.certificate],
    ],
    { stdio: 'pipe' },
  );
  return pair;
}
