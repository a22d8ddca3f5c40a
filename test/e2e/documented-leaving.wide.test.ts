import { openRegistrySimulator, type RegistrySimulator } from '@tagtrail/registry-simulator';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startCommand, TAGTRAIL } from './command-process.ts';
import { eventually, type Installation, openInstallation } from './installation.ts';

/** ms for a request's key to come or go, on a busy machine. */
const LIMIT = 15_000;
/** Long enough that nothing of the request ends by itself while the test looks. */
const IMPORT_WAIT = '5m';

const opened = new AsyncDisposableStack();
/** Here in place of a real registry, which cannot be made to keep its answer back. */
let simulator: RegistrySimulator;
let tagtrail: Installation;
let redis: Redis;

beforeAll(async () => {
  simulator = opened.use(await openRegistrySimulator());
  const counts = { api: 1, producer: 1, worker: 1, 'status-writer': 1 };
  const settings = { TAGTRAIL_API_IMPORT_WAIT: IMPORT_WAIT };
  tagtrail = opened.use(await openInstallation(counts, settings));
  const url = new URL(tagtrail.redis.url);
  redis = new Redis({ path: url.pathname, password: url.searchParams.get('password') ?? '' });
  opened.defer(() => redis.disconnect());
});
afterAll(() => opened.disposeAsync());

/** Keys of requests that somebody waits for. */
const requestKeys = () => redis.keys('*:request:*');

it('manual import: a client that leaves while it waits leaves nothing of its request behind', async () => {
  const repository = 'hung/web';
  simulator.push(repository, 'latest');
  simulator.faults.set({ repository }, { hang: true });
  const options = [`--from=${simulator.host}/${repository}`, '--confirm', '--insecure'];
  const connection = ['--server', tagtrail.server, '--token', tagtrail.token];
  const args = ['import-image', 'left', ...options, ...connection];
  await using client = startCommand({ program: TAGTRAIL, args });
  await simulator.waitForRequest((request) => request.repository === repository);
  expect(await requestKeys()).toHaveLength(1);

  await client.stop();
  await eventually(async () => (await requestKeys()).length === 0 || undefined, LIMIT);
});
