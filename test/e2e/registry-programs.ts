import { writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import {
  issueTestCertificate,
  type TestCertificate,
} from '../../packages/registry-client/src/testing/test-certificate.ts';
import { freePort } from '../free-port.ts';
import { type CommandProcess, startCommand } from './command-process.ts';
import { programsOnPath } from './real-programs.ts';

/** How Debian's docker-registry is served. None of them proves who it is: an import from there must be allowed to be insecure. */
export const REGISTRY_KINDS = [
  'over plain HTTP',
  'behind a self-signed certificate',
  'with htpasswd over TLS',
] as const;
export type RegistryKind = (typeof REGISTRY_KINDS)[number];

/** The one account of a registry with htpasswd. */
export const ACCOUNT = { username: 'reader', password: 'open sesame' };
/** Its line in the password file: bcrypt, the only digest that docker-registry takes. */
export const HTPASSWD = 'reader:$2y$05$zq7SD3AkR8KRC6H4Sgl/bO43olEOWyYSYKqePkgI9E9lByFGtltDy\n';

/** One docker-registry for each kind, all serving one storage: what one of them is given, all of them have. */
export interface RegistryPrograms extends AsyncDisposable {
  /** `127.0.0.1:41234`, as it stands in pull specs. */
  readonly hosts: Readonly<Record<RegistryKind, string>>;
  /** With htpasswd too, behind a certificate that whoever reads `trustedCertificateFile` trusts. */
  readonly trustedHost: string;
  readonly trustedCertificateFile: string;
  /** Docker config.json with the account at every registry that wants one. */
  readonly authFile: string;
  /** Waits until a registry has answered a request, such as `GET /v2/shop/web/tags/list`. */
  request(kind: RegistryKind, line: string): Promise<void>;
}

export async function startRegistries(folder: string): Promise<RegistryPrograms> {
  const certify = (name: string) => keepCertificate(folder, name);
  const [untrusted, trusted] = [certify('untrusted'), certify('trusted')];
  const htpasswd = join(folder, 'htpasswd');
  writeFileSync(htpasswd, HTPASSWD);
  await using starting = new AsyncDisposableStack();
  const start = async (name: string, options: RegistryOptions) => {
    const registry = await startRegistry(folder, name, options);
    starting.use(registry.command);
    return registry;
  };
  const [plain, selfSigned, locked, trustedOne] = await Promise.all([
    start('plain', {}),
    start('self-signed', { certificate: untrusted }),
    start('htpasswd', { certificate: untrusted, htpasswd }),
    start('trusted', { certificate: trusted, htpasswd }),
  ]);
  const byKind: Readonly<Record<RegistryKind, RunningRegistry>> = {
    'over plain HTTP': plain,
    'behind a self-signed certificate': selfSigned,
    'with htpasswd over TLS': locked,
  };
  const running = starting.move();
  return {
    hosts: {
      'over plain HTTP': plain.host,
      'behind a self-signed certificate': selfSigned.host,
      'with htpasswd over TLS': locked.host,
    },
    trustedHost: trustedOne.host,
    trustedCertificateFile: trusted.certificate,
    authFile: writeAuthFile(folder, [locked.host, trustedOne.host]),
    async request(kind, line) {
      await byKind[kind].command.line(new RegExp(`"${line}(?:\\?\\S*)? HTTP/\\S+" 200 `));
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** An address of this machine other than loopback; registries listen on all of them. Throws when there is none. */
export function machineAddress(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const usable = addresses.filter(
    ({ internal, address }) => !internal && !/^(?:169\.254\.|fe80:)/.test(address),
  );
  const [first] = usable.toSorted((one, other) => one.family.localeCompare(other.family));
  if (first === undefined) throw new Error('this machine has no address but loopback');
  return first.family === 'IPv6' ? `[${first.address}]` : first.address;
}

interface CertificateFiles {
  readonly certificate: string;
  readonly key: string;
}

interface RunningRegistry {
  readonly host: string;
  readonly command: CommandProcess;
}

interface RegistryOptions {
  readonly certificate?: CertificateFiles;
  readonly htpasswd?: string;
}

function keepCertificate(folder: string, name: string): CertificateFiles {
  const { cert, key }: TestCertificate = issueTestCertificate('IP:127.0.0.1,DNS:localhost');
  const files = { certificate: join(folder, `${name}.pem`), key: join(folder, `${name}-key.pem`) };
  writeFileSync(files.certificate, cert);
  writeFileSync(files.key, key, { mode: 0o600 });
  return files;
}

async function startRegistry(
  folder: string,
  name: string,
  { certificate, htpasswd }: RegistryOptions,
): Promise<RunningRegistry> {
  const port = await freePort();
  const tls = certificate && { tls: certificate };
  const auth = htpasswd && { auth: { htpasswd: { realm: 'registry', path: htpasswd } } };
  const settings = {
    version: 0.1,
    storage: { filesystem: { rootdirectory: join(folder, 'storage') } },
    http: { addr: `:${port}`, ...tls },
    ...auth,
  };
  const file = join(folder, `${name}.yml`);
  writeFileSync(file, stringify(settings));
  const [program = ''] = programsOnPath('docker-registry');
  const command = startCommand({ program, args: ['serve', file] });
  await command.line(/listening on/);
  return { host: `127.0.0.1:${port}`, command };
}

function writeAuthFile(folder: string, hosts: readonly string[]): string {
  const auth = Buffer.from(`${ACCOUNT.username}:${ACCOUNT.password}`).toString('base64');
  const file = join(folder, 'config.json');
  const auths = Object.fromEntries(hosts.map((host) => [host, { auth }]));
  writeFileSync(file, JSON.stringify({ auths }), { mode: 0o600 });
  return file;
}
