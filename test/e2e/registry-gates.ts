import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { freePort } from '../free-port.ts';
import { type CommandProcess, startCommand } from './command-process.ts';
import { type GateCertificates, issueCertificates } from './gate-certificates.ts';
import { programsOnPath } from './real-programs.ts';
import { ACCOUNT, HTPASSWD, machineAddress } from './registry-programs.ts';
import { startTokenServer, TOKEN_ISSUER, TOKEN_SERVICE, type TokenServer } from './token-server.ts';

/** How a docker-registry is guarded; all of them stand behind nginx, which speaks TLS with a certificate of a private chain. */
export const GATES = ['nobody', 'htpasswd', 'token', 'client certificate'] as const;
export type Gate = (typeof GATES)[number];

export interface RegistryGates extends AsyncDisposable {
  /** `10.0.0.7:41234` of each gate, as it stands in pull specs: nobody goes to loopback through a proxy. */
  readonly hosts: Readonly<Record<Gate, string>>;
  /** Without a gate and without TLS, for whoever pushes. */
  readonly back: string;
  readonly certificates: GateCertificates;
  readonly tokenServer: TokenServer;
  /** Docker's `certs.d` layout with the client's certificate. */
  readonly certificatesFolder: string;
  /** Docker config.json with the account at the gates that want one. */
  readonly authFile: string;
  /** Carries connections on (CONNECT); its log names each. */
  readonly proxy: CommandProcess;
  readonly proxyUrl: string;
}

/** Starts docker-registry thrice on one storage, nginx before them, a token server and tinyproxy. */
export async function startGates(folder: string): Promise<RegistryGates> {
  const address = machineAddress();
  const certificates = issueCertificates(join(folder, 'certificates'), address);
  await using starting = new AsyncDisposableStack();
  const { server: tls, tokens: signing } = certificates;
  const tokenServer = starting.use(
    await startTokenServer({ tls, signing, address, account: ACCOUNT }),
  );
  const start = async (name: string, auth?: unknown) => {
    const { host, command } = await startRegistry(folder, name, auth);
    starting.use(command);
    return host;
  };
  const htpasswd = join(folder, 'htpasswd');
  writeFileSync(htpasswd, HTPASSWD);
  const back = await start('open');
  const locked = await start('locked', { htpasswd: { realm: 'registry', path: htpasswd } });
  const token = await start('token', { token: tokenSettings(tokenServer, certificates) });
  const backs = { nobody: back, htpasswd: locked, token, 'client certificate': back };
  const hosts = await startNginx(folder, { certificates, backs, starting });
  const port = await freePort();
  const proxy = starting.use(await startProxy(folder, port));
  const running = starting.move();
  return {
    hosts,
    back,
    certificates,
    tokenServer,
    certificatesFolder: layOutCertificates(folder, hosts['client certificate'], certificates),
    authFile: writeAuthFile(folder, [hosts.htpasswd, hosts.token]),
    proxy,
    proxyUrl: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

function tokenSettings({ realm }: TokenServer, { tokens }: GateCertificates): unknown {
  const rootcertbundle = tokens.certificate;
  return { realm, service: TOKEN_SERVICE, issuer: TOKEN_ISSUER, rootcertbundle };
}

async function startRegistry(folder: string, name: string, auth: unknown) {
  const host = `127.0.0.1:${await freePort()}`;
  const storage = { filesystem: { rootdirectory: join(folder, 'storage') } };
  const file = join(folder, `${name}.yml`);
  const http = { addr: host, relativeurls: true };
  writeFileSync(
    file,
    stringify({ version: 0.1, storage, http, ...(auth !== undefined && { auth }) }),
  );
  const [program = ''] = programsOnPath('docker-registry');
  const command = startCommand({ program, args: ['serve', file] });
  await command.line(/listening on/);
  return { host, command };
}

interface NginxParts {
  readonly certificates: GateCertificates;
  /** What stands behind each gate. */
  readonly backs: Readonly<Record<Gate, string>>;
  readonly starting: AsyncDisposableStack;
}

async function startNginx(
  folder: string,
  { certificates, backs, starting }: NginxParts,
): Promise<RegistryGates['hosts']> {
  const hosts: Record<string, string> = {};
  for (const gate of GATES) hosts[gate] = `${machineAddress()}:${await freePort()}`;
  const servers = GATES.map((gate) =>
    serverBlock(gate, { listen: hosts[gate] ?? '', back: backs[gate], certificates }),
  );
  const file = join(folder, 'nginx.conf');
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${join(folder, `nginx-${name}`)};`,
  );
  const http = ['access_log off;', ...paths, ...servers].join('\n');
  const head = ['daemon off;', `pid ${join(folder, 'nginx.pid')};`, 'error_log stderr notice;'];
  writeFileSync(file, [...head, 'events {}', `http {\n${http}\n}`].join('\n'));
  const [program = ''] = programsOnPath('nginx');
  const command = startCommand({ program, args: ['-c', file, '-e', 'stderr'] });
  starting.use(command);
  await command.line(/start worker process /);
  return hosts as RegistryGates['hosts'];
}

function serverBlock(
  gate: Gate,
  place: {
    readonly listen: string;
    readonly back: string;
    readonly certificates: GateCertificates;
  },
): string {
  const { listen, back, certificates } = place;
  const { certificate, key } = certificates.server;
  const client = ['ssl_verify_client on;', `ssl_client_certificate ${certificates.root};`];
  return [
    `server { listen ${listen} ssl; ssl_certificate ${certificate}; ssl_certificate_key ${key};`,
    ...(gate === 'client certificate' ? client : []),
    `location / { proxy_pass http://${back}; proxy_set_header Host $http_host;`,
    'proxy_set_header X-Forwarded-Proto https; } }',
  ].join('\n');
}

async function startProxy(folder: string, port: number): Promise<CommandProcess> {
  const file = join(folder, 'tinyproxy.conf');
  const lines = [
    `Port ${port}`,
    'Listen 127.0.0.1',
    'Timeout 60',
    'LogLevel Info',
    'Allow 127.0.0.1',
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  const [program = ''] = programsOnPath('tinyproxy');
  const command = startCommand({ program, args: ['-d', '-c', file] });
  await command.line(/Accepting connections/);
  return command;
}

function layOutCertificates(folder: string, host: string, { client }: GateCertificates): string {
  const layout = join(folder, 'certs.d');
  mkdirSync(join(layout, host), { recursive: true });
  copyFileSync(client.certificate, join(layout, host, 'client.cert'));
  copyFileSync(client.key, join(layout, host, 'client.key'));
  return layout;
}

function writeAuthFile(folder: string, hosts: readonly string[]): string {
  const auth = Buffer.from(`${ACCOUNT.username}:${ACCOUNT.password}`).toString('base64');
  const file = join(folder, 'config.json');
  const auths = Object.fromEntries(hosts.map((host) => [host, { auth }]));
  writeFileSync(file, JSON.stringify({ auths }), { mode: 0o600 });
  return file;
}
