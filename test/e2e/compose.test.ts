import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRedisForTest } from '@tagtrail/embedded-redis';
import { openRegistrySimulator } from '@tagtrail/registry-simulator';
import { describe, expect, it } from 'vitest';
import { type ComposeService, readComposeFile } from '../compose/compose-file.ts';
import { type CommandProcess, startCommand, TAGTRAIL } from './command-process.ts';
import { recordFirstImage, untilReady } from './first-record.ts';

const TOKEN = 'compose-test-token-0123456789';
/** What the compose file's header recommends. */
const WORKERS = 4;

/** What stands for the containers' surroundings. */
interface Surroundings {
  readonly redisUrl: string;
  /** For the volume of the registry. */
  readonly folder: string;
}

/**
 * A service's environment on one machine: the name of the Redis service leads to `redisUrl`, and because processes
 * here share one network, each takes a free port in place of the one it has to itself in its container.
 */
function localEnvironment(
  service: ComposeService,
  { redisUrl, folder }: Surroundings,
): Record<string, string> {
  const entries = Object.entries(service.environment ?? {}).map(([name, value]) => {
    if (/^TAGTRAIL_(HEALTH|API|REGISTRY)_PORT$/.test(name)) return [name, '0'];
    if (name === 'TAGTRAIL_REGISTRY_FOLDER') return [name, folder];
    return [name, String(value).replace(/^redis:\/\/redis:6379$/, redisUrl)];
  });
  // The registry of the test runs on this machine, too.
  return { ...Object.fromEntries(entries), TAGTRAIL_REGISTRIES_PRIVATE_ADDRESSES: 'allowed' };
}

/** The digest of what a registry serves for a tag to whoever has the token. */
async function pulledDigest(
  registry: CommandProcess,
  name: string,
  tag: string,
): Promise<string | null> {
  const [, port] = await registry.line(/"url":"http:\/\/[^"]*?:(\d+)".*"msg":"listening"/);
  const headers = { authorization: `Bearer ${TOKEN}` };
  const reply = await fetch(`http://127.0.0.1:${port}/v2/${name}/manifests/${tag}`, { headers });
  return reply.headers.get('docker-content-digest');
}

describe('the services of docker-compose.yml, as processes of this machine', () => {
  it('follow a tag from a definition to a record, serve its image, and all exit with 0', async () => {
    await using redis = await openRedisForTest();
    await using simulator = await openRegistrySimulator();
    const pushed = simulator.push('demo/web', 'latest');
    const { services } = readComposeFile({ TAGTRAIL_API_TOKEN: TOKEN });
    const folder = mkdtempSync(join(tmpdir(), 'tagtrail-compose-'));
    await using stack = new AsyncDisposableStack();
    stack.defer(() => rmSync(folder, { recursive: true, force: true }));
    const start = (name: string) => {
      const service = services[name];
      if (service === undefined) throw new Error(`no service ${name}`);
      const variables = localEnvironment(service, { redisUrl: redis.url, folder });
      return stack.use(startCommand({ program: TAGTRAIL, args: service.command, variables }));
    };
    const others = ['producer', 'status-writer', ...new Array(WORKERS).fill('worker')];
    const registry = start('registry');
    const commands = [...['api', ...others].map(start), registry];
    const [server = ''] = await Promise.all(commands.map(untilReady));

    const api = { server, token: TOKEN };
    const source = `${simulator.host}/demo/web:latest`;
    const image = await recordFirstImage(api, source, commands);
    expect(image).toBe(pushed.digest);
    expect(await pulledDigest(registry, 'demo/web', 'latest')).toBe(image);

    const exits = await Promise.all(commands.map(async (one) => [one.name, await one.stop()]));
    expect(exits).toEqual(commands.map(({ name }) => [name, { code: 0, signal: null }]));
  });
});
