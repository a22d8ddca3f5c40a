import { createApiClient } from '@tagtrail/api-client';
import { openRedisForTest } from '@tagtrail/embedded-redis';
import { openRegistrySimulator, type Push } from '@tagtrail/registry-simulator';
import { type CommandProcess, type Exit, startCommand } from './command-process.ts';
import { definition, digestsOf } from './definitions.ts';
import { eventually } from './installation.ts';

/** ms for a process to be ready, and for a new stream's record. */
const LIMIT = 30_000;

/** Resolves with the URL of a service once it answers 200 at its own /readyz; it tells its port in its log. */
export async function untilReady(command: CommandProcess): Promise<string> {
  const [, port] = await command.line(/"url":"http:\/\/[^"]*?:(\d+)"/);
  await command.line(/"msg":"started"/);
  const url = `http://127.0.0.1:${port}`;
  const isReady = async () => (await fetch(`${url}/readyz`)).ok || undefined;
  await eventually(isReady, LIMIT);
  return url;
}

/** Creates a stream with one tag that follows `source`, and resolves with the digest of its first event. */
export async function recordFirstImage(
  api: { readonly server: string; readonly token: string },
  source: string,
  commands: readonly CommandProcess[],
): Promise<string> {
  const { streams } = createApiClient(api);
  const { resourceVersion = '' } = (await streams.list()).metadata;
  await streams.create(definition('web', { latest: source }));
  const signal = AbortSignal.timeout(LIMIT);
  for await (const { object } of streams.watch({ resourceVersion, signal })) {
    const [image] = object.kind === 'ImageStream' ? digestsOf(object, 'latest') : [];
    if (image !== undefined) return image;
  }
  const said = commands.map((command) => `${command.name}:\n${command.said()}`);
  throw new Error(`no record within ${LIMIT} ms\n${said.join('\n')}`);
}

const PARTS = ['api', 'producer', 'worker', 'status-writer'];
const TOKEN = 'test-token-of-32-characters-0123';

/** A way to start tagtrail: `program ...args api` starts the API. */
export interface Tagtrail {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd?: string;
}

export interface FirstRecord {
  readonly push: Push;
  /** Digest in the record. */
  readonly image: string;
  /** What the API serves at `/`. */
  readonly page: string;
  readonly exits: readonly Exit[];
}

/** Runs every part of the service on a Redis of its own until a tag of an index has its record, then stops them. */
export async function reachFirstRecord({ program, args, cwd }: Tagtrail): Promise<FirstRecord> {
  await using redis = await openRedisForTest();
  await using simulator = await openRegistrySimulator();
  const platforms = ['linux/amd64', 'linux/arm64'];
  const push = simulator.push('demo/web', 'latest', { platforms });
  await using opened = new AsyncDisposableStack();
  const variables = {
    REDIS_URL: redis.url,
    TAGTRAIL_API_PORT: '0',
    TAGTRAIL_API_TOKEN: TOKEN,
    TAGTRAIL_HEALTH_PORT: '0',
    TAGTRAIL_REGISTRIES_PRIVATE_ADDRESSES: 'allowed',
  };
  const commands = PARTS.map((part) => {
    const command = { program, args: [...args, part], variables, ...(cwd && { cwd }) };
    return opened.use(startCommand(command));
  });
  const [server = ''] = await Promise.all(commands.map(untilReady));
  const source = `${simulator.host}/demo/web:latest`;
  const image = await recordFirstImage({ server, token: TOKEN }, source, commands);
  const page = await (await fetch(`${server}/`)).text();
  const exits = await Promise.all(commands.map((command) => command.stop()));
  return { push, image, page, exits };
}
