import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRegistrySimulator, type RegistrySimulator } from '@tagtrail/registry-simulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { freePort } from '../free-port.ts';
import { type CommandProcess, startCommand } from './command-process.ts';
import { definition, digestsOf } from './definitions.ts';
import { eventually, type Installation, openInstallation } from './installation.ts';
import { outputOf, programsOnPath } from './real-programs.ts';

/** ms; a tag on `1s` is looked at within two seconds, and the machine may be busy. */
const MOVE_LIMIT = 15_000;

const folder = mkdtempSync(join(tmpdir(), 'tagtrail-registry-'));
const opened = new AsyncDisposableStack();
let host: string;
/** Where images come from: skopeo pulls them from the simulator and pushes them to the real registry. */
let simulator: RegistrySimulator;
let tagtrail: Installation;

beforeAll(async () => {
  opened.defer(() => rmSync(folder, { recursive: true, force: true }));
  simulator = opened.use(await openRegistrySimulator());
  host = `127.0.0.1:${await freePort()}`;
  opened.use(await startRegistry());
  const counts = { api: 1, producer: 1, worker: 1, 'status-writer': 1 };
  tagtrail = opened.use(await openInstallation(counts));
});
afterAll(() => opened.disposeAsync());

async function startRegistry(): Promise<CommandProcess> {
  const [program = ''] = programsOnPath('docker-registry');
  const settings = join(folder, 'registry.yml');
  const storage = { filesystem: { rootdirectory: join(folder, 'storage') } };
  writeFileSync(settings, stringify({ version: 0.1, storage, http: { addr: host } }));
  const command = startCommand({ program, args: ['serve', settings] });
  await command.line(/listening on/);
  return command;
}

function skopeo(...args: readonly string[]): Promise<string> {
  const [program = ''] = programsOnPath('skopeo');
  return outputOf(program, ['--insecure-policy', ...args], { home: folder });
}

/** Copies a tag, with all platforms of an index. */
async function publish(image: string): Promise<void> {
  const secure = ['--src-tls-verify=false', '--dest-tls-verify=false'];
  const [source, target] = [`docker://${simulator.host}/${image}`, `docker://${host}/${image}`];
  await skopeo('copy', '--all', '--quiet', ...secure, source, target);
}

/** The digest of what the real registry serves for a tag. */
async function publishedDigest(image: string): Promise<string> {
  const raw = await skopeo('inspect', '--raw', '--tls-verify=false', `docker://${host}/${image}`);
  return `sha256:${createHash('sha256').update(raw).digest('hex')}`;
}

const headIs = (name: string, tag: string, digest: string) =>
  eventually(async () => {
    const stream = await tagtrail.client.streams.get({ namespace: 'demo', name });
    return digestsOf(stream, tag)[0] === digest ? stream : undefined;
  }, MOVE_LIMIT);

describe("Debian's docker-registry, filled by skopeo", () => {
  it('is followed when a tag moves', async () => {
    simulator.push('shop/web', 'latest');
    await publish('shop/web:latest');
    const first = await publishedDigest('shop/web:latest');
    const source = { latest: `${host}/shop/web:latest` };
    await tagtrail.client.streams.create(definition('web', source, { schedule: '1s' }));
    await headIs('web', 'latest', first);

    simulator.push('shop/web', 'latest');
    await publish('shop/web:latest');
    const second = await publishedDigest('shop/web:latest');
    const stream = await headIs('web', 'latest', second);
    expect(digestsOf(stream, 'latest')).toEqual([second, first]);
  });

  it('serves an index, which Legacy follows to one platform and PreserveOriginal keeps', async () => {
    simulator.push('shop/api', 'v1', { platforms: ['linux/arm64', 'linux/amd64'] });
    await publish('shop/api:v1');
    const index = await publishedDigest('shop/api:v1');
    const raw = await skopeo(
      'inspect',
      '--raw',
      '--tls-verify=false',
      `docker://${host}/shop/api:v1`,
    );
    const entries: readonly { digest: string; platform: { architecture: string } }[] =
      JSON.parse(raw).manifests;
    const amd64 = entries.find(({ platform }) => platform.architecture === 'amd64');
    const source = `${host}/shop/api:v1`;
    const stream = definition('api', { legacy: source, whole: source });
    const tags = stream.spec.tags?.map((tag) =>
      tag.name === 'whole'
        ? { ...tag, importPolicy: { ...tag.importPolicy, importMode: 'PreserveOriginal' as const } }
        : tag,
    );
    await tagtrail.client.streams.create({ ...stream, spec: { tags: tags ?? [] } });
    await headIs('api', 'legacy', amd64?.digest ?? '');
    await headIs('api', 'whole', index);
  });
});
