import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ImageStreamRedis, openImageStreamRedis } from '@tagtrail/image-stream-redis';
import { openResultLog, type RedisResultLog } from '@tagtrail/import-results-redis';
import { createLogger } from '@tagtrail/observability';
import { expect, it } from 'vitest';
import {
  defaultCache,
  type EmbeddedRedis,
  openEmbeddedRedis,
} from '../../../packages/embedded-redis/src/index.ts';
import {
  creation,
  digest,
  openProbe,
  SETTINGS,
} from '../../../packages/image-stream-redis/src/testing/open-store-for-test.ts';
import {
  committed,
  documentOf,
  found,
} from '../../../packages/image-stream-redis/src/testing/record-for-test.ts';
import {
  type BreakableLink,
  openBreakableLink,
} from '../../../packages/redis-connection/src/testing/breakable-link.ts';
import { CountedWrites, resultOf } from './testing/open-writer-for-test.ts';
import { writeStatus } from './write-status.ts';

const STREAMS = Array.from({ length: 12 }, (_, at) => `app${at}`);
const DIGITS = ['1', '2', '3', '4'];
const LIMITS = { batchSize: 3, batchWait: 5, claimIdle: 30_000, maxDeliveries: 50 };

const open = async (folder: string) =>
  openEmbeddedRedis({ folder, cache: await defaultCache(process.env), environment: process.env });

/** Kills the server and starts another on the same log, behind the same link and password. */
async function restart(server: EmbeddedRedis, link: BreakableLink, folder: string) {
  process.kill(server.pid, 'SIGKILL');
  await server.exited;
  const next = await open(folder);
  const password = new URL(link.url).searchParams.get('password') ?? '';
  const probe = openProbe(next.url);
  await probe.config('SET', 'requirepass', password);
  probe.disconnect();
  link.retarget(next.url);
  return next;
}

interface Parts {
  readonly store: ImageStreamRedis;
  readonly results: RedisResultLog;
}

/** Every stream sees the images one after the other; one look each, as workers append them. */
async function appendLooks({ store, results }: Parts, digits: readonly string[]): Promise<void> {
  for (const digit of digits) {
    for (const name of STREAMS) {
      const key = { namespace: 'demo', name };
      const uid = (await store.streams.read(key))?.metadata.uid ?? '';
      const fence = await results.startRun();
      await results.append(resultOf(found(digit, fence), { ...key, uid, tag: 'latest' }));
    }
  }
}

async function histories({ store }: Parts): Promise<readonly string[]> {
  return Promise.all(
    STREAMS.map(async (name) => {
      const key = { namespace: 'demo', name };
      const uid = (await store.streams.read(key))?.metadata.uid ?? '';
      const page = { offset: 0, limit: 100 };
      const events = await store.streams.history({ ...key, uid, tag: 'latest' }, page);
      return events.map((event) => event.image.slice(7, 8)).join('');
    }),
  );
}

it('records every look once, in order, though Redis is killed and started again under it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tagtrail-test-'));
  let server = await open(folder);
  const link = await openBreakableLink(server.url);
  const store = await openImageStreamRedis({ url: link.url, name: 'test' });
  const results = await openResultLog({ url: link.url, consumer: 'test' });
  const parts = { store, results };
  const logger = createLogger({ name: 'test', level: 'silent', format: 'json' });
  const metrics = new CountedWrites();
  for (const name of STREAMS) committed(await store.streams.commit(creation(name)));
  await store.images.save(DIGITS.map((digit) => documentOf(digest(digit))));
  await appendLooks(parts, DIGITS.slice(0, 2));

  const stop = new AbortController();
  const settings = { settings: SETTINGS, historyLimit: 50 };
  const written = writeStatus(
    { ...store, results, logger, metrics, ...settings },
    LIMITS,
    stop.signal,
  );
  server = await restart(server, link, folder);
  await appendLooks(parts, DIGITS.slice(2, 3));
  server = await restart(server, link, folder);
  await appendLooks(parts, DIGITS.slice(3));
  await expect.poll(() => histories(parts), { timeout: 20_000 }).toEqual(STREAMS.map(() => '4321'));
  await expect.poll(() => results.stats()).toMatchObject({ lag: 0, pending: 0, deadLetters: 0 });

  stop.abort();
  await written;
  for (const part of [results, store, link, server]) await part[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});
