import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultCache, type EmbeddedRedis, openEmbeddedRedis } from '@tagtrail/embedded-redis';
import { openRegistrySimulator, type RegistrySimulator } from '@tagtrail/registry-simulator';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { definition } from './definitions.ts';
import {
  type AppName,
  eventually,
  type Installation,
  openInstallation,
  type RunningApp,
  waitForLine,
} from './installation.ts';
import { openRedisLink, type RedisLink } from './operations-redis-link.ts';

/** `health.stallAfter`, the shortest that is allowed; the default is a minute. */
const STALL_AFTER = 5_000;
/** Longer than that: a look that takes all of it is still no stall. */
const JOB_DEADLINE = 6_000;
/** ms in which every stall would have shown: the time itself, the longest step, and the next look at the queue. */
const SHOWN_WITHIN = STALL_AFTER + JOB_DEADLINE + 5_000 + 1_000;
/** ms to find back to work: connections that were left without an answer are given up after 15 s. */
const LIMIT = 60_000;
/** Several: a worker that is left without an answer may still take one job, and then others must wait. */
const TAGS = 5;
const NAMES = ['api', 'producer', 'worker', 'status-writer'] as const;

/** What a probe was answered. */
interface Answer {
  readonly status: number;
  readonly text: string;
}

let folder: Awaited<ReturnType<typeof mkdtempDisposable>>;
let redis: EmbeddedRedis;
/** Of the first server; those that follow get it too, since the processes know no other. */
let password = '';
let link: RedisLink;
let simulator: RegistrySimulator;
let tagtrail: Installation;
const urls = new Map<AppName, string>();
const running = new Map<AppName, RunningApp>();

const openRedis = async () =>
  openEmbeddedRedis({
    folder: folder.path,
    cache: await defaultCache(process.env),
    environment: process.env,
  });

beforeAll(async () => {
  folder = await mkdtempDisposable(join(tmpdir(), 'tagtrail-test-'));
  [redis, simulator] = await Promise.all([openRedis(), openRegistrySimulator()]);
  password = passwordIn(redis.url);
  link = await openRedisLink(redis.url);
  tagtrail = await openInstallation(
    {},
    {
      REDIS_URL: link.url,
      TAGTRAIL_HEALTH_STALL_AFTER: `${STALL_AFTER}ms`,
      TAGTRAIL_IMPORT_JOB_DEADLINE: `${JOB_DEADLINE}ms`,
    },
  );
  for (const name of NAMES) {
    const app = await tagtrail.start(name);
    running.set(name, app);
    const { url } = await waitForLine(app, (line) => 'url' in line, LIMIT);
    urls.set(name, String(url));
  }
  const sources: Record<string, string> = {};
  for (let tag = 0; tag < TAGS; tag += 1) {
    simulator.push('shop/app', `v${tag}`);
    sources[`v${tag}`] = `${simulator.host}/shop/app:v${tag}`;
  }
  await tagtrail.client.streams.create(definition('app', sources, { schedule: '1s' }));
  await allReady();
});
afterAll(async () => {
  for (const part of [tagtrail, link, simulator, redis]) await part?.[Symbol.asyncDispose]();
  await folder?.remove();
});
// Whatever a test did to it, it finds back to work by itself.
afterEach(allReady);

async function probe(name: AppName, path: '/healthz' | '/readyz'): Promise<Answer> {
  const response = await fetch(`${urls.get(name)}${path}`);
  return { status: response.status, text: (await response.text()).trim() };
}

/** Resolves with the first answer that is as wanted. */
function until(
  [name, path]: readonly [AppName, '/healthz' | '/readyz'],
  isWanted: (answer: Answer) => boolean,
): Promise<Answer> {
  let last: Answer | undefined;
  const look = async () => {
    last = await probe(name, path);
    return isWanted(last) ? last : undefined;
  };
  return eventually(look, LIMIT).catch(() => {
    throw new Error(`${path} of ${name} is still ${JSON.stringify(last)}`);
  });
}

const isReady = ({ status }: Answer) => status === 200;
const isNot = ({ status }: Answer) => status === 503;

async function allReady(): Promise<void> {
  for (const name of NAMES) await until([name, '/readyz'], isReady);
}

/** Asks all for `span` ms; answers every /healthz that was not 200. */
async function deathsDuring(span: number): Promise<readonly string[]> {
  const deaths: string[] = [];
  const end = performance.now() + span;
  await eventually(async () => {
    for (const name of NAMES) {
      const { status, text } = await probe(name, '/healthz');
      if (status !== 200) deaths.push(`${name}: ${text}`);
    }
    return performance.now() > end ? true : undefined;
  }, span * 2);
  return deaths;
}

/** Where each says that it cannot work without Redis. */
const AWAY: Readonly<Record<AppName, RegExp>> = {
  api: /^Redis does not answer: the record store is away$/,
  producer: /^redis: it has taken no write for \d+ s/,
  // Whichever it notices first.
  worker: /^(?:redis: it has taken no write for \d+ s|queue: not connected)/,
  'status-writer': /^redis: it has taken no write for \d+ s/,
  registry: /^redis: it has taken no write for \d+ s/,
};

async function allAway(): Promise<void> {
  for (const name of NAMES) {
    expect((await until([name, '/readyz'], isNot)).text, name).toMatch(AWAY[name]);
  }
}

describe('without a Redis that answers', () => {
  it('nobody is ready, and nobody asks to be restarted, however long it hangs', async () => {
    process.kill(redis.pid, 'SIGSTOP');
    try {
      await allAway();
      expect(await deathsDuring(SHOWN_WITHIN)).toEqual([]);
      await allAway();
    } finally {
      process.kill(redis.pid, 'SIGCONT');
    }
  });

  it('the same when it is killed; all go on in the same processes when it is back', async () => {
    process.kill(redis.pid, 'SIGKILL');
    await redis.exited;
    try {
      await allAway();
      expect(await deathsDuring(SHOWN_WITHIN)).toEqual([]);
    } finally {
      redis = await openRedis();
      await configure(passwordIn(redis.url), 'requirepass', password);
      link.retarget(redis.url);
    }
    const recovering = deathsDuring(STALL_AFTER);
    await allReady();
    expect(await recovering).toEqual([]);
    for (const app of running.values()) expect(app.child.exitCode).toBeNull();
  });

  it('the same when it refuses writes because it is full', async () => {
    await configure(password, 'maxmemory', '1');
    try {
      for (const name of ['producer', 'worker', 'status-writer'] as const) {
        expect((await until([name, '/readyz'], isNot)).text).toMatch(AWAY[name]);
      }
      expect(await deathsDuring(SHOWN_WITHIN)).toEqual([]);
    } finally {
      await configure(password, 'maxmemory', '0');
    }
  });
});

function passwordIn(url: string): string {
  return new URL(url).searchParams.get('password') ?? '';
}

async function configure(login: string, name: string, value: string): Promise<void> {
  const path = new URL(redis.url).pathname;
  // A server that is gone is an error of the test's, not something to wait for.
  const admin = new Redis({ path, password: login, lazyConnect: true, retryStrategy: () => null });
  try {
    await admin.connect();
    await admin.config('SET', name, value);
  } finally {
    admin.disconnect();
  }
}

describe('with a registry that hangs', () => {
  it('everybody is ready and lives, though every job takes until its deadline', async () => {
    const fault = simulator.faults.set({}, { hang: true });
    try {
      await eventually(async () => (fault.applied > 0 ? true : undefined), LIMIT);
      expect(await deathsDuring(SHOWN_WITHIN)).toEqual([]);
      expect((await probe('worker', '/readyz')).status).toBe(200);
    } finally {
      simulator.faults.clear();
    }
  });
});

/** Connections without which a process cannot work, while all its others are answered. */
const VITAL = [
  ['producer', 'producer', /^nothing finished for \d+ s/],
  ['worker', 'worker', /^nothing finished for \d+ s, [1-9]\d* waiting$/],
  ['status-writer', 'results-read', /^nothing finished for \d+ s/],
] as const;

describe('a process whose work stands still although Redis is there', () => {
  it.each(VITAL)('%s says so at /healthz: a restart helps', async (name, connection, reason) => {
    using _ = link.deafen(connection);
    expect((await until([name, '/healthz'], isNot)).text).toMatch(reason);
    expect((await probe(name, '/readyz')).status).toBe(503);
    const others = NAMES.filter((other) => other !== name);
    for (const other of others) expect((await probe(other, '/healthz')).status).toBe(200);
  });
});
