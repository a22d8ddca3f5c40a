import { openRedisForTest } from '@tagtrail/embedded-redis';
import { openRegistrySimulator } from '@tagtrail/registry-simulator';
import { describe, expect, it } from 'vitest';
import { type ComposeService, readComposeFile } from '../compose/compose-file.ts';
import { startCommand, TAGTRAIL } from './command-process.ts';
import { recordFirstImage, untilReady } from './first-record.ts';

const TOKEN = 'compose-test-token-0123456789';
/** What the compose file's header recommends. */
const WORKERS = 4;

/**
 * A service's environment on one machine: the name of the Redis service leads to `redisUrl`, and because processes
 * here share one network, each takes a free port in place of the one it has to itself in its container.
 */
function localEnvironment(service: ComposeService, redisUrl: string): Record<string, string> {
  const entries = Object.entries(service.environment ?? {}).map(([name, value]) => {
    const isPort = name === 'TAGTRAIL_HEALTH_PORT' || name === 'TAGTRAIL_API_PORT';
    if (isPort) return [name, '0'];
    return [name, String(value).replace(/^redis:\/\/redis:6379$/, redisUrl)];
  });
  // The registry of the test runs on this machine, too.
  return { ...Object.fromEntries(entries), TAGTRAIL_REGISTRIES_PRIVATE_ADDRESSES: 'allowed' };
}

describe('the services of docker-compose.yml, as processes of this machine', () => {
  it('follow a tag from a definition to a record, and all exit with 0', async () => {
    await using redis = await openRedisForTest();
    await using simulator = await openRegistrySimulator();
    const pushed = simulator.push('demo/web', 'latest');
    const { services } = readComposeFile({ TAGTRAIL_API_TOKEN: TOKEN });
    await using stack = new AsyncDisposableStack();
    const start = (name: string) => {
      const service = services[name];
      if (service === undefined) throw new Error(`no service ${name}`);
      const variables = localEnvironment(service, redis.url);
      return stack.use(startCommand({ program: TAGTRAIL, args: service.command, variables }));
    };
    const others = ['producer', 'status-writer', ...new Array(WORKERS).fill('worker')];
    const commands = ['api', ...others].map(start);
    const [server = ''] = await Promise.all(commands.map(untilReady));

    const api = { server, token: TOKEN };
    const source = `${simulator.host}/demo/web:latest`;
    const image = await recordFirstImage(api, source, commands);
    expect(image).toBe(pushed.digest);

    const exits = await Promise.all(commands.map(async (one) => [one.name, await one.stop()]));
    expect(exits).toEqual(commands.map(({ name }) => [name, { code: 0, signal: null }]));
  });
});
