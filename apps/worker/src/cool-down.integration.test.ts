import { type ImageStreamRedis, openImageStreamRedis } from '@tagtrail/image-stream-redis';
import { openResultLog, type RedisResultLog } from '@tagtrail/import-results-redis';
import { openRegistryClient, type RegistryClient } from '@tagtrail/registry-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  type EmbeddedRedis,
  openRedisForTest,
} from '../../../packages/embedded-redis/src/index.ts';
import { EVERY_ADDRESS } from '../../../packages/registry-client/src/testing/every-address.ts';
import {
  openRegistrySimulator,
  type RegistrySimulator,
} from '../../../packages/registry-simulator/src/index.ts';
import { runImport } from './run-import.ts';
import { runListing } from './run-listing.ts';
import { importJob } from './testing/import-jobs.ts';

const TEN_MINUTES = 600_000;
const never = new AbortController().signal;

let server: EmbeddedRedis;
let simulator: RegistrySimulator;
let registry: RegistryClient;
let store: ImageStreamRedis;
let results: RedisResultLog;
let coolDowns: Awaited<ReturnType<ImageStreamRedis['openCoolDowns']>>;
beforeAll(async () => {
  server = await openRedisForTest();
  simulator = await openRegistrySimulator();
  store = await openImageStreamRedis({ url: server.url, name: 'test' });
  coolDowns = await store.openCoolDowns();
  registry = openRegistryClient({
    userAgent: 'tagtrail-test',
    addresses: EVERY_ADDRESS,
    coolDowns,
  });
  results = await openResultLog({ url: server.url, consumer: 'test' });
});
afterAll(async () => {
  for (const part of [results, registry, coolDowns, store, simulator, server])
    await part[Symbol.asyncDispose]();
});

const counted: string[] = [];
const dependencies = () => ({
  registry,
  images: store.images,
  results,
  deadline: 60_000,
  metrics: {
    imported: (_: string, outcome: { kind: string }) => void counted.push(outcome.kind),
    listed: (_: string, outcome: { kind: string }) => void counted.push(outcome.kind),
  },
});

it('a job whose registry is left alone ends at once, is put off, and asks nothing', async () => {
  simulator.push('shop/web', 'v1');
  simulator.faults.set({ route: 'manifest' }, { status: 429, retryAfter: 600 });
  const started = Date.now();
  await runImport(importJob(`${simulator.host}/shop/web:v1`), dependencies(), never);
  await runImport(importJob(`${simulator.host}/shop/web:v2`), dependencies(), never);
  const { generation, key, reason, dueAt, createdAt } = importJob('any');
  const listing = {
    kind: 'repository-listing',
    version: 1,
    key: { namespace: key.namespace, name: key.name, uid: key.uid },
    from: `${simulator.host}/shop/web`,
    insecure: true,
    generation,
    reason,
    dueAt,
    createdAt,
  } as const;
  await runListing(listing, dependencies(), never);
  expect(simulator.requests).toHaveLength(1);
  expect(counted).toEqual(['failed', 'postponed', 'postponed']);
  const batch = await results.read({ count: 10, wait: 0 });
  const outcomes = [...batch.results, ...batch.listings].map(({ result }) => result.outcome);
  expect(outcomes).toEqual([
    expect.objectContaining({ kind: 'failed', reason: 'TooManyRequests' }),
    { kind: 'postponed', until: expect.any(Number), message: expect.any(String) },
    { kind: 'postponed', until: expect.any(Number), message: expect.any(String) },
  ]);
  for (const outcome of outcomes) {
    if (outcome.kind !== 'postponed') continue;
    expect(outcome.until).toBeGreaterThanOrEqual(started + TEN_MINUTES);
    expect(outcome.message).toMatch(/is left alone until .*Z: it answered 429 Too Many Requests$/u);
  }
});
