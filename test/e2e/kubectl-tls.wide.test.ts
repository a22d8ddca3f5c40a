import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { buildDashboard } from '../../apps/dashboard/build-dashboard.ts';
import { openServingCertificate } from '../../packages/serving-certificate/src/index.ts';
import { startCommand } from './command-process.ts';
import { definition } from './definitions.ts';
import { type Installation, openInstallation } from './installation.ts';
import { outputOf, programsOnPath, runProgram } from './real-programs.ts';

const folder = mkdtempSync(join(tmpdir(), 'tagtrail-kubectl-tls-'));
let installation: Installation;
let authority: string;

beforeAll(async () => {
  await buildDashboard();
  const hosts = ['localhost', '127.0.0.1'];
  const made = await openServingCertificate({ folder: join(folder, 'certificates'), hosts });
  authority = made.caPem;
  installation = await openInstallation(
    { api: 1 },
    {
      TAGTRAIL_API_CERTIFICATE_FILE: made.certificateFile,
      TAGTRAIL_API_KEY_FILE: made.keyFile,
    },
  );
});
afterAll(async () => {
  await installation[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

/** Settings of kubectl for the API's port; of one server each, in a folder of its own. */
function kubeconfigFor(name: string, server: string, authorityPem: string): string {
  const cluster = {
    server,
    'certificate-authority-data': Buffer.from(authorityPem).toString('base64'),
  };
  const path = join(folder, name);
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'tagtrail',
    clusters: [{ name: 'tagtrail', cluster }],
    users: [{ name: 'tagtrail', user: { token: installation.token } }],
    contexts: [
      { name: 'tagtrail', context: { cluster: 'tagtrail', user: 'tagtrail', namespace: 'demo' } },
    ],
  };
  writeFileSync(path, stringify(config), { mode: 0o600 });
  return path;
}

describe.each(programsOnPath('kubectl'))('%s over TLS', (kubectl) => {
  /** Streams of one kubectl do not meet those of the next. */
  const id = programsOnPath('kubectl').indexOf(kubectl);
  const secureServer = () => installation.server.replace('http:', 'https:');
  const options = () => ['--kubeconfig', kubeconfigFor(`secure-${id}`, secureServer(), authority)];
  const run = (args: readonly string[], input?: string) =>
    outputOf(kubectl, [...options(), ...args], { home: folder, ...(input && { input }) });
  const manifest = (name: string, source: string) =>
    stringify(definition(name, { latest: source }));

  it('creates, shows, replaces and deletes a stream', async () => {
    const name = `web-${id}`;
    const line = `imagestream.image.openshift.io/${name}`;
    expect(await run(['create', '-f', '-'], manifest(name, 'quay.io/acme/web:1'))).toBe(
      `${line} created\n`,
    );
    const [head, row] = (await run(['get', 'is', name])).split('\n');
    expect(head).toMatch(/^NAME +IMAGE REPOSITORY +TAGS +UPDATED *$/);
    expect(row?.trim()).toBe(name);
    expect(await run(['get', 'is', '-A', '-o', 'name'])).toContain(`${line}\n`);
    expect(await run(['replace', '-f', '-'], manifest(name, 'quay.io/acme/web:2'))).toBe(
      `${line} replaced\n`,
    );
    const stream = parse(await run(['get', 'is', name, '-o', 'yaml']));
    expect(stream.spec.tags[0].from.name).toBe('quay.io/acme/web:2');
    expect(await run(['delete', 'is', name])).toContain(`"${name}" deleted`);
    const gone = await runProgram(kubectl, [...options(), 'get', 'is', name], { home: folder });
    expect(gone.stderr).toContain(`imagestreams.image.openshift.io "${name}" not found`);
  });

  it('watches a stream come, change and go', async () => {
    const name = `watched-${id}`;
    await run(['create', '-f', '-'], manifest(name, 'quay.io/acme/web:1'));
    const args = [...options(), 'get', 'is', '-w', '--output-watch-events'];
    await using watcher = startCommand({ program: kubectl, args });
    await watcher.line(new RegExp(`^ADDED +${name} `));
    await run(['replace', '-f', '-'], manifest(name, 'quay.io/acme/web:2'));
    await watcher.line(new RegExp(`^MODIFIED +${name} `));
    await run(['delete', 'is', name]);
    await watcher.line(new RegExp(`^DELETED +${name} `));
  });

  it('does not trust the API without its authority', async () => {
    const folders = { folder: join(folder, `other-${id}`), hosts: ['127.0.0.1'] };
    const { caPem } = await openServingCertificate(folders);
    const kubeconfig = kubeconfigFor(`stranger-${id}`, secureServer(), caPem);
    const args = ['--kubeconfig', kubeconfig, 'get', 'is'];
    const refused = await runProgram(kubectl, args, { home: folder });
    expect(refused.stderr).toContain('certificate signed by unknown authority');
    expect(refused.code).toBe(1);
  });

  it('is asked for a token on the same port without TLS, where it sends none', async () => {
    const kubeconfig = kubeconfigFor(`plain-${id}`, installation.server, authority);
    const args = ['--kubeconfig', kubeconfig, 'get', 'is'];
    const refused = await runProgram(kubectl, args, { home: folder });
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/logged in to the server|specifying a root certificates file/);
  });
});

it('shows its page over plain HTTP on the port that kubectl uses', async () => {
  const page = await fetch(installation.server);
  expect(page.status).toBe(200);
  expect(await page.text()).toContain('<title>Tagtrail</title>');
});
