import { StoreError } from '@tagtrail/image-stream';
import { type ImageStreamRedis, openImageStreamRedis } from '@tagtrail/image-stream-redis';
import type { ImportJob } from '@tagtrail/import-contract';
import { openResultLog, type RedisResultLog } from '@tagtrail/import-results-redis';
import { openRegistryClient, type RegistryClient } from '@tagtrail/registry-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  type EmbeddedRedis,
  openRedisForTest,
} from '../../../packages/embedded-redis/src/index.ts';
import { EVERY_ADDRESS } from '../../../packages/registry-client/src/testing/every-address.ts';
import {
  openRegistrySimulator,
  type RegistrySimulator,
} from '../../../packages/registry-simulator/src/index.ts';
import { JointHeads } from './joint-heads.ts';
import { type RunDependencies, runImport } from './run-import.ts';
import { importJob } from './testing/import-jobs.ts';

let server: EmbeddedRedis;
let simulator: RegistrySimulator;
let registry: RegistryClient;
let store: ImageStreamRedis;
let results: RedisResultLog;
beforeAll(async () => {
  server = await openRedisForTest();
  simulator = await openRegistrySimulator();
  registry = openRegistryClient({ userAgent: 'tagtrail-test', addresses: EVERY_ADDRESS });
  store = await openImageStreamRedis({ url: server.url, name: 'test' });
  results = await openResultLog({ url: server.url, consumer: 'test' });
});
afterAll(async () => {
  for (const part of [results, store, registry, simulator, server])
    await part[Symbol.asyncDispose]();
});
afterEach(() => {
  simulator.faults.clear();
  simulator.clearRequests();
});

/** So long that a test which waits for it fails. */
const DEADLINE = 60_000;
const counted: string[] = [];
const never = new AbortController().signal;

function runWith(job: ImportJob, parts: Partial<RunDependencies> = {}, stop: AbortSignal = never) {
  const metrics = {
    imported: (host: string, outcome: { kind: string }) =>
      void counted.push(`${host} ${outcome.kind}`),
    listed: () => undefined,
  };
  const dependencies = { registry, images: store.images, results, metrics, deadline: DEADLINE };
  return runImport(job, { ...dependencies, ...parts }, stop);
}

function run(path: string, parts: Partial<RunDependencies> = {}, stop: AbortSignal = never) {
  const job = importJob(path.includes('/') ? `${simulator.host}/${path}` : path);
  return runWith(job, parts, stop);
}

/** Results appended since the last call. */
async function appended() {
  return (await results.read({ count: 100, wait: 0 })).results.map(({ result }) => result);
}

describe('looks that meet', () => {
  it('share an answer only where the same credentials are shown, whatever a namespace is called', async () => {
    simulator.push('shop/web', 'v1');
    simulator.faults.set({ route: 'manifest' }, { latency: 100 });
    const heads = new JointHeads(registry);
    const operator = {
      ...importJob(`${simulator.host}/shop/web:v1`),
      key: { namespace: 'operator', name: 'app', uid: 'u', tag: 'v1' },
    };
    const namespaces = { lookupFor: async () => () => [{ username: 'u', password: 'p' }] };
    const asked = () => simulator.requests.filter(({ method }) => method === 'HEAD').length;
    await Promise.all([
      runWith(operator, { heads, namespaces }),
      runWith(importJob(`${simulator.host}/shop/web:v1`), { heads }),
      runWith(importJob(`${simulator.host}/shop/web:v1`), { heads }),
    ]);
    expect(asked()).toBe(2);
    await appended();
  });
});

describe('a run', () => {
  it('appends its outcome under a fence of its own, documents first', async () => {
    const { digest } = simulator.push('shop/web', 'v1');
    const startedAfter = Date.now();
    await run('shop/web:v1');
    const [result] = await appended();
    expect(result).toMatchObject({
      key: { namespace: 'demo', name: 'app', uid: 'u', tag: 'latest' },
      generation: 1,
      registry: simulator.host,
      outcome: { kind: 'imported', image: digest },
    });
    expect(result?.startedAt).toBeGreaterThanOrEqual(startedAfter);
    expect(result?.finishedAt).toBeGreaterThanOrEqual(result?.startedAt ?? Infinity);
    expect(await store.images.read(digest)).toMatchObject({ digest });
    expect(counted.at(-1)).toBe(`${simulator.host} imported`);
    await run('shop/web:v1');
    const [second] = await appended();
    expect(second?.fence).toBeGreaterThan(result?.fence ?? Infinity);
  });

  it('saves the documents of a mere look too, for whoever asked reads them by digest', async () => {
    const { digest } = simulator.push('shop/looked-at', 'v1');
    const request = { id: 'r-1', replyTo: 'api', slot: 2 };
    const metrics = { imported: () => undefined, listed: () => undefined };
    const dependencies = { registry, images: store.images, results, metrics, deadline: DEADLINE };
    const job = importJob(`${simulator.host}/shop/looked-at:v1`, { request, reason: 'requested' });
    await runImport(job, dependencies, never);
    const [result] = await appended();
    expect(result).toMatchObject({ request, outcome: { kind: 'imported', image: digest } });
    expect(result).not.toHaveProperty('records');
    expect(await store.images.read(digest)).toMatchObject({ digest, config: expect.any(String) });
  });

  it('takes its fence before its first request', async () => {
    simulator.push('shop/web', 'v1');
    const issued = {
      append: (result: Parameters<RedisResultLog['append']>[0]) => results.append(result),
      startRun: async () => {
        expect(simulator.requests).toEqual([]);
        return results.startRun();
      },
    };
    await run('shop/web:v1', { results: issued });
    expect(await appended()).toHaveLength(1);
  });

  it('tells a failure of the registry, and a source that cannot be read, as outcomes', async () => {
    await run('shop/web:none');
    await run('not//readable');
    await run('://');
    expect((await appended()).map(({ outcome, registry: host }) => [outcome, host])).toMatchObject([
      [{ kind: 'failed', reason: 'NotFound' }, simulator.host],
      [{ kind: 'failed', reason: 'InvalidReference' }, 'unknown'],
      [{ kind: 'failed', reason: 'InvalidReference' }, 'unknown'],
    ]);
  });

  it('ends at its deadline with an outcome, though the registry never answers', async () => {
    simulator.push('shop/web', 'v1');
    simulator.faults.set({ repository: 'shop/web' }, { hang: true });
    await run('shop/web:v1', { deadline: 50 });
    const [result] = await appended();
    expect(result?.outcome).toMatchObject({ kind: 'failed', reason: 'Timeout' });
    expect(result?.outcome).toHaveProperty('message', expect.stringContaining('within 0 s'));
  });
});

describe('a run that is told to stop', () => {
  it('ends at once, in the middle of a request, and tells no outcome', async () => {
    simulator.push('shop/web', 'v1');
    simulator.faults.set({ repository: 'shop/web' }, { hang: true });
    const stop = new AbortController();
    const running = run('shop/web:v1', {}, stop.signal);
    const ended = expect(running).rejects.toThrow();
    await simulator.waitForRequest(({ repository }) => repository === 'shop/web');
    stop.abort();
    await ended;
    expect(await appended()).toEqual([]);
  });

  it('ends at once when that came before its first request', async () => {
    simulator.faults.set({ repository: 'shop/web' }, { hang: true });
    const stop = new AbortController();
    const stopping = {
      append: (result: Parameters<RedisResultLog['append']>[0]) => results.append(result),
      startRun: async () => {
        const fence = await results.startRun();
        stop.abort();
        return fence;
      },
    };
    await expect(run('shop/web:v1', { results: stopping }, stop.signal)).rejects.toThrow();
    expect(await appended()).toEqual([]);
  });
});

describe('broken infrastructure', () => {
  it('is thrown, not told as an outcome: the job comes back with its lease', async () => {
    simulator.push('shop/web', 'v2');
    const before = counted.length;
    const append = () => Promise.reject(new Error('the log is away'));
    const startRun = () => results.startRun();
    const failing = run('shop/web:v2', { results: { append, startRun } });
    await expect(failing).rejects.toThrow('the log is away');
    const images = { save: () => Promise.reject(new StoreError('unavailable', 'away')) };
    await expect(run('shop/web:v2', { images })).rejects.toMatchObject({ code: 'unavailable' });
    expect(await appended()).toEqual([]);
    expect(counted).toHaveLength(before);
  });

  it('is not blamed on the registry when it lasts longer than the deadline', async () => {
    simulator.push('shop/web', 'v3');
    const images = {
      save: () =>
        new Promise<void>((_, reject) => {
          setTimeout(() => reject(new StoreError('unavailable', 'away')), 600);
        }),
    };
    const running = run('shop/web:v3', { images, deadline: 500 });
    await expect(running).rejects.toMatchObject({ code: 'unavailable' });
    expect(await appended()).toEqual([]);
  });
});
