import { hash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openServingCertificate } from '@tagtrail/serving-certificate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDocument } from '../docs/read-documents.ts';
import { freePort } from '../free-port.ts';
import { documentedFiles, documentedInstalls } from './documented-clients.ts';
import { openPulling, type Pulling } from './pulling.ts';
import { type RunningContainerd, startContainerd } from './real-containerd.ts';
import { probePodman, pullWithPodman } from './real-podman.ts';
import { outputOf, programsOnPath, runProgram } from './real-programs.ts';
import { machineAddress } from './registry-programs.ts';

/**
 * Does what docs/pull-through.md says under "Clients", and then pulls. Differences: the name of the registry is an address of this
 * machine, and folders below /etc are in a temporary one, those of /etc/containers where clients look in a home. Docker's daemon
 * and CRI-O are not run: skopeo reads the folder of the one, and has the library of the other.
 */
const DOCUMENTED = 'registry.example.com';
const document = readDocument('docs/pull-through.md');

const folder = mkdtempSync(join(tmpdir(), 'tagtrail-clients-'));
const opened = new AsyncDisposableStack();
const skopeo = programsOnPath('skopeo')[0] ?? '';
const authFile = join(folder, 'auth.json');
let host: string;
let pulling: Pulling;
/** Digests that the streams recorded. */
let web: string;
let redis: string;

beforeAll(async () => {
  opened.defer(() => rmSync(folder, { recursive: true, force: true }));
  const address = machineAddress();
  const place = { folder: join(folder, 'serving'), hosts: [address.replace(/[[\]]/g, '')] };
  const { caPem, certificateFile, keyFile } = await openServingCertificate(place);
  const port = String(await freePort());
  // Some clients ask loopback without TLS.
  host = `${address}:${port}`;
  pulling = opened.use(
    await openPulling({
      TAGTRAIL_REGISTRY_CERTIFICATE_FILE: certificateFile,
      TAGTRAIL_REGISTRY_HOST: address.startsWith('[') ? '::' : '0.0.0.0',
      TAGTRAIL_REGISTRY_KEY_FILE: keyFile,
      TAGTRAIL_REGISTRY_PORT: port,
    }),
  );
  web = await record('web', 'latest');
  redis = await record('redis', '7');
  writeFileSync(join(folder, 'ca.crt'), caPem);
  await doAsDocumented();
  await login();
});
afterAll(() => opened.disposeAsync());

async function record(name: string, tag: string): Promise<string> {
  const { digest } = pulling.simulator.push(`shop/${name}`, tag);
  await pulling.follow(name, { [tag]: `shop/${name}:${tag}` });
  return digest;
}

function translate(text: string): string {
  return text
    .replaceAll(DOCUMENTED, host)
    .replaceAll('/etc/containers/', `${folder}/.config/containers/`)
    .replaceAll(/(?<![\w.])\/etc\//g, `${folder}/etc/`);
}

async function doAsDocumented(): Promise<void> {
  for (const command of documentedInstalls(document).map(translate)) {
    await outputOf('/bin/sh', ['-ec', `cd ${folder}; ${command}`], { home: folder });
  }
  for (const { path, text } of documentedFiles(document)) {
    const file = translate(path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, translate(text));
  }
}

/** As people do: what is given with one command is for the registry that the command names, not for where that leads. */
async function login(): Promise<void> {
  const options = ['--authfile', authFile, '--username', 'tagtrail', '--password-stdin'];
  const input = pulling.tagtrail.token;
  await outputOf(skopeo, ['login', ...options, host], { home: folder, input });
}

const creds = () => `tagtrail:${pulling.tagtrail.token}`;
const sha256 = (text: string) => `sha256:${hash('sha256', text)}`;

const inspect = (home: string, ...args: readonly string[]) =>
  runProgram(skopeo, ['inspect', '--raw', '--authfile', authFile, ...args], { home });

describe('docs/pull-through.md, Clients', () => {
  it('has an example for each client', () => {
    expect(documentedFiles(document).map(({ path }) => path)).toEqual([
      `/etc/containerd/certs.d/${DOCUMENTED}/hosts.toml`,
      '/etc/containerd/config.toml',
      '/etc/containers/registries.conf.d/tagtrail.conf',
    ]);
    const targets = documentedInstalls(document).map((command) => command.split(' ').at(-1));
    expect(targets).toEqual(
      ['docker', 'containerd', 'containers'].map(
        (client) => `/etc/${client}/certs.d/${DOCUMENTED}/ca.crt`,
      ),
    );
  });

  it('has what a client needs that knows nothing else: without it none trusts the registry', async () => {
    const stranger = mkdtempSync(join(folder, 'stranger-'));
    const { code, stderr } = await inspect(stranger, `docker://${host}/demo/web:latest`);
    expect(code).not.toBe(0);
    expect(stderr).toContain('x509: certificate signed by unknown authority');
  });
});

describe("Docker's folder of certificates", () => {
  it('makes the registry trusted', async () => {
    const stranger = mkdtempSync(join(folder, 'stranger-'));
    const certificates = join(folder, 'etc', 'docker', 'certs.d', host);
    const trust = ['--cert-dir', certificates];
    const { stdout } = await inspect(stranger, ...trust, `docker://${host}/demo/web:latest`);
    expect(sha256(stdout)).toBe(web);
  });
});

describe('containerd', () => {
  let containerd: RunningContainerd;
  beforeAll(async () => {
    containerd = opened.use(await startContainerd(join(folder, 'containerd')));
  });
  const reference = () => `${host}/demo/web:latest`;

  it('pulls with the documented hosts.toml, and not without', async () => {
    const fetchWith = (...options: readonly string[]) =>
      containerd.ctr('content', 'fetch', '--user', creds(), ...options, reference());
    await expect(fetchWith()).rejects.toThrow('x509: certificate signed by unknown authority');
    await fetchWith('--hosts-dir', join(folder, 'etc', 'containerd', 'certs.d'));
    const manifest = await containerd.ctr('content', 'get', web);
    expect(sha256(manifest)).toBe(web);
    const { config, layers } = JSON.parse(manifest) as {
      readonly config: { readonly digest: string };
      readonly layers: readonly { readonly digest: string }[];
    };
    const stored = (await containerd.ctr('content', 'ls', '-q')).trim().split('\n');
    const wanted = [web, config.digest, ...layers.map(({ digest }) => digest)];
    expect(stored.toSorted()).toEqual(wanted.toSorted());
  });

  it('understands the documented config.toml', async () => {
    const file = join(folder, 'etc', 'containerd', 'config.toml');
    const [program = ''] = programsOnPath('containerd');
    const dump = await outputOf(program, ['--config', file, 'config', 'dump'], { home: folder });
    const path = `config_path = "${join(folder, 'etc', 'containerd', 'certs.d')}"`;
    const [, table = ''] =
      /\[plugins\."io\.containerd\.grpc\.v1\.cri"\.registry\]\n([^[]*)/.exec(dump) ?? [];
    expect(table).toContain(path);
  });
});

describe('skopeo and podman', () => {
  it('skopeo trusts the registry, and takes redis from here', async () => {
    const direct = await inspect(folder, `docker://${host}/demo/web:latest`);
    expect(sha256(direct.stdout)).toBe(web);
    const renamed = await inspect(folder, 'docker://docker.io/library/redis:7');
    expect(sha256(renamed.stdout)).toBe(redis);
  });

  it('skopeo does not go to Docker Hub for what the stream has not', async () => {
    const { code, stderr } = await inspect(folder, 'docker://docker.io/library/redis:8');
    expect(code).not.toBe(0);
    expect(stderr).toContain('the stream has no such tag');
  });

  it('podman does both, too', async (context) => {
    const plain = `${pulling.simulator.host}/shop/web:latest`;
    const trouble = await probePodman(plain, folder);
    if (trouble !== undefined) context.skip(`podman cannot pull here: ${trouble}`);
    const pull = (reference: string) =>
      pullWithPodman({ reference, options: ['--authfile', authFile], folder });
    expect(await pull(`${host}/demo/web:latest`)).toBe(web);
    expect(await pull('docker.io/library/redis:7')).toBe(redis);
  });
});
