import { openRegistrySimulator, type RegistrySimulator } from '@tagtrail/registry-simulator';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startCommand, TAGTRAIL } from './command-process.ts';
import { eventually, type Installation, openInstallation } from './installation.ts';
import { conditionOf } from './registry-definitions.ts';

/** ms for a request's key or a job to end, on a busy machine. */
const LIMIT = 15_000;
/** Long enough that neither the request nor its job ends by itself while the test looks. */
const PATIENCE = { TAGTRAIL_API_IMPORT_WAIT: '3m', TAGTRAIL_IMPORT_JOB_DEADLINE: '2m' };
/** What a waiting client holds, and what is there of it besides, in the queue. */
const WAITING = '{tagtrail}:request:*';
const ANYTHING = '*request:*';

const opened = new AsyncDisposableStack();
/** Here in place of a real registry, which cannot be made to keep its answer back. */
let simulator: RegistrySimulator;
let tagtrail: Installation;
let redis: Redis;

beforeAll(async () => {
  const counts = { api: 1, producer: 1, worker: 1, 'status-writer': 1 };
  tagtrail = opened.use(await openInstallation(counts, PATIENCE));
  simulator = opened.use(await openRegistrySimulator());
  const url = new URL(tagtrail.redis.url);
  redis = new Redis({ path: url.pathname, password: url.searchParams.get('password') ?? '' });
  opened.defer(() => redis.disconnect());
});
afterAll(() => opened.disposeAsync());

const untilNone = (pattern: string) =>
  eventually(async () => (await redis.keys(pattern)).length === 0 || undefined, LIMIT);

it('manual import: a client that leaves while it waits leaves nothing of its request behind', async () => {
  const repository = 'hung/web';
  simulator.push(repository, 'latest');
  simulator.faults.set({ repository }, { hang: true });
  const options = [`--from=${simulator.host}/${repository}`, '--confirm', '--insecure'];
  const connection = ['--server', tagtrail.server, '--token', tagtrail.token];
  const args = ['import-image', 'left', ...options, ...connection];
  await using client = startCommand({ program: TAGTRAIL, args });
  await simulator.waitForRequest((request) => request.repository === repository);
  expect(await redis.keys(WAITING)).toHaveLength(1);

  await client.stop();
  await untilNone(WAITING);

  // The look goes on without the client. It ends with the registry.
  await simulator[Symbol.asyncDispose]();
  const stream = await eventually(streamLeft, LIMIT);
  expect(conditionOf(stream, 'latest')).toMatchObject({ reason: 'ConnectionFailed' });
  await untilNone(ANYTHING);
});

/** The stream that the import made in spite of all. */
async function streamLeft() {
  const { items } = await tagtrail.client.streams.list({ namespace: 'default' });
  return items.find(({ metadata }) => metadata.name === 'left');
}
