import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ImageStream } from '@tagtrail/image-stream';
import { openRegistrySimulator, type RegistrySimulator } from '@tagtrail/registry-simulator';
import { createSecretKeyFile } from '@tagtrail/secret-cipher';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTlsFront } from '../../apps/cli/src/doctor/testing/tls-front.ts';
import { issueTestCertificate } from '../../packages/registry-client/src/testing/test-certificate.ts';
import { definition, digestsOf } from './definitions.ts';
import {
  type AppName,
  eventually,
  type Installation,
  openInstallation,
  type RunningApp,
} from './installation.ts';
import { type CommandResult, runTagtrail } from './run-tagtrail.ts';

/** ms for a tag that is due to be recorded, on a busy machine. */
const LIMIT = 30_000;
const APPS: readonly AppName[] = ['api', 'producer', 'worker', 'status-writer'];
const RIGHT = 'planted-right-8f21c0';
const WRONG = 'planted-wrong-41d7ae';
const base64 = (text: string) => Buffer.from(text).toString('base64');
/** A password as it is written, and within base64 of whatever stands around it. */
const TRACES = [RIGHT, WRONG].flatMap((password) => [
  password,
  base64(password).slice(0, -4),
  base64(`.${password}`).slice(2, -4),
  base64(`..${password}`).slice(3, -4),
]);

const opened = new AsyncDisposableStack();
let tagtrail: Installation;
let simulator: RegistrySimulator;
let host: string;
let apps: readonly RunningApp[];
/** Every command that Redis was ever sent, those within scripts included. */
const commands: string[] = [];

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tagtrail-planted-'));
  opened.defer(() => rmSync(folder, { recursive: true, force: true }));
  const keyFile = join(folder, 'key');
  await createSecretKeyFile(keyFile);
  simulator = opened.use(await openRegistrySimulator());
  simulator.requireAuth('basic', { username: 'robot', password: RIGHT });
  const front = await openTlsFront(issueTestCertificate(), Number(simulator.host.split(':')[1]));
  host = opened.use(front).host;
  const settings = { TAGTRAIL_SECRETS_KEY_FILE: keyFile, TAGTRAIL_LOG_LEVEL: 'trace' };
  tagtrail = opened.use(await openInstallation({}, settings));
  await recordCommands(tagtrail.redis.url);
  apps = await Promise.all(APPS.map((name) => tagtrail.start(name)));
});
afterAll(() => opened.disposeAsync());

async function recordCommands(url: string): Promise<void> {
  const redis = new Redis(url);
  opened.defer(() => redis.disconnect());
  const monitor = await redis.monitor();
  opened.defer(() => monitor.disconnect());
  monitor.on('monitor', (_time: string, words: readonly string[]) =>
    commands.push(words.join(' ')),
  );
}

function run(namespace: string, line: string, stdin = ''): Promise<CommandResult> {
  const { server, token } = tagtrail;
  const args = [...line.split(' '), '-n', namespace];
  return runTagtrail(args, { cwd: tmpdir(), server, token, stdin });
}

const createSecret = (namespace: string, password: string) =>
  run(
    namespace,
    `create secret docker-registry regcred --docker-server ${host}/shop --docker-username robot --docker-password-stdin`,
    `${password}\n`,
  );

/** Everything that is in Redis now, in the words of its own types. */
async function contentsOfRedis(): Promise<string> {
  const redis = new Redis(tagtrail.redis.url);
  const keys = await redis.keys('*');
  const read = async (key: string): Promise<unknown> => {
    const type = await redis.type(key);
    if (type === 'string') return redis.get(key);
    if (type === 'hash') return redis.hgetall(key);
    if (type === 'list') return redis.lrange(key, 0, -1);
    if (type === 'set') return redis.smembers(key);
    return type === 'zset' ? redis.zrange(key, '0', '-1') : redis.xrange(key, '-', '+');
  };
  const found = await Promise.all(keys.map(async (key) => [key, await read(key)]));
  redis.disconnect();
  return JSON.stringify(found);
}

async function metricsOf({ lines }: RunningApp): Promise<string> {
  const url = lines.map((line) => line['url']).find((one) => typeof one === 'string');
  return (await fetch(`${url}/metrics`)).text();
}

const tracesIn = (text: string) => TRACES.filter((trace) => text.includes(trace));

describe('a password in a secret', () => {
  let streams: readonly ImageStream[];

  it('lets the imports of its namespace in, those that are asked for and those that are due', async () => {
    const { digest } = simulator.push('shop/web', 'latest');
    expect(await createSecret('right', RIGHT)).toMatchObject({ exitCode: 0, stderr: '' });
    const from = `${host}/shop/web:latest`;
    const imported = await run('right', `import-image web --from ${from} --confirm --insecure`);
    expect([imported.exitCode, imported.stdout]).toEqual([0, expect.stringContaining(digest)]);
    await tagtrail.client.streams.create(definition('due', { v1: from }, { namespace: 'right' }));
    const key = { namespace: 'right', name: 'due' };
    await eventually(async () => {
      return digestsOf(await tagtrail.client.streams.get(key), 'v1')[0];
    }, LIMIT);
  });

  it('is named by its secret where it is refused, and lets nobody else in', async () => {
    const from = `${host}/shop/web:latest`;
    expect(await createSecret('wrong', WRONG)).toMatchObject({ exitCode: 0 });
    const refused = await run('wrong', `import-image web --from ${from} --confirm --insecure`);
    expect([refused.exitCode, refused.stderr]).toEqual([1, expect.stringContaining('regcred')]);
    const other = await run('other', `import-image web --from ${from} --confirm --insecure`);
    expect([other.exitCode, other.stderr]).toEqual([
      1,
      expect.stringContaining('none are configured'),
    ]);
    streams = (await tagtrail.client.streams.listAll()).items;
    expect(JSON.stringify(streams)).toContain('secret \\"regcred\\"');
    expect(tracesIn(JSON.stringify(streams))).toEqual([]);
  });

  it('is read back by who has the token of the API', async () => {
    const { stdout } = await run('right', 'get secret regcred -o json');
    // What is looked for below would be found.
    expect(tracesIn(stdout)).toHaveLength(1);
    const file = JSON.parse(stdout).data['.dockerconfigjson'];
    expect(Buffer.from(file, 'base64').toString()).toContain(RIGHT);
    expect((await run('right', 'get secrets')).stdout).toMatch(/^regcred +kubernetes.io\/docker/mu);
  });

  it('is in no key and no value of Redis, and was in none of the commands', async () => {
    const contents = await contentsOfRedis();
    expect(contents).toContain('{tagtrail}:secrets:right');
    expect(contents).toContain(`${host}/shop/web`);
    expect(tracesIn(contents)).toEqual([]);
    const sent = commands.join('\n');
    expect(sent).toContain('requested-imports');
    expect(tracesIn(sent)).toEqual([]);
  });

  it('is in no line of a log and in no metric', async () => {
    const logs = JSON.stringify(apps.map(({ lines }) => lines));
    expect(logs).toContain('answered');
    expect(tracesIn(logs)).toEqual([]);
    for (const app of apps) {
      const metrics = await metricsOf(app);
      expect(metrics).toContain('tagtrail_');
      expect(tracesIn(metrics)).toEqual([]);
    }
  });
});
