import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { issueTestCertificate } from '../../packages/registry-client/src/testing/test-certificate.ts';
import { freePort } from '../free-port.ts';
import { type CommandProcess, startCommand } from './command-process.ts';
import { programsOnPath } from './real-programs.ts';
import { type RegistryGates, startGates } from './registry-gates.ts';

/** How the same docker-registry storage is served. */
export const UPSTREAMS = [
  'over plain HTTP',
  'behind a self-signed certificate',
  'with htpasswd over TLS',
  'with tokens over TLS',
] as const;
export type UpstreamKind = (typeof UPSTREAMS)[number];

/** Those that prove nothing: whoever follows them allows them to be insecure. */
export const INSECURE_UPSTREAMS: readonly UpstreamKind[] = [
  'over plain HTTP',
  'behind a self-signed certificate',
];

export interface Upstreams extends AsyncDisposable {
  /** `127.0.0.1:41234`, as it stands in pull specs. */
  readonly hosts: Readonly<Record<UpstreamKind, string>>;
  readonly gates: RegistryGates;
}

/** Starts one docker-registry more than `startGates` does: with a certificate that nobody was told to trust. */
export async function startUpstreams(folder: string): Promise<Upstreams> {
  await using starting = new AsyncDisposableStack();
  const gates = starting.use(await startGates(folder));
  const selfSigned = await startSelfSigned(folder);
  starting.use(selfSigned.command);
  const started = starting.move();
  return {
    hosts: {
      'over plain HTTP': gates.back,
      'behind a self-signed certificate': selfSigned.host,
      'with htpasswd over TLS': gates.hosts.htpasswd,
      'with tokens over TLS': gates.hosts.token,
    },
    gates,
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}

async function startSelfSigned(
  folder: string,
): Promise<{ readonly host: string; readonly command: CommandProcess }> {
  const { cert, key } = issueTestCertificate();
  const tls = { certificate: join(folder, 'unknown.pem'), key: join(folder, 'unknown-key.pem') };
  writeFileSync(tls.certificate, cert);
  writeFileSync(tls.key, key, { mode: 0o600 });
  const host = `127.0.0.1:${await freePort()}`;
  const storage = { filesystem: { rootdirectory: join(folder, 'storage') } };
  const file = join(folder, 'self-signed.yml');
  writeFileSync(file, stringify({ version: 0.1, storage, http: { addr: host, tls } }));
  const [program = ''] = programsOnPath('docker-registry');
  const command = startCommand({ program, args: ['serve', file] });
  await command.line(/listening on/);
  return { host, command };
}
