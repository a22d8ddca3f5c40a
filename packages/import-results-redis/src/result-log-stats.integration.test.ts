import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRedis } from '@tagtrail/redis-connection';
import { expect, it } from 'vitest';
import { defaultCache, openEmbeddedRedis } from '../../embedded-redis/src/index.ts';
import { openResultLog } from './open-result-log.ts';
import { append, KEYS, NOW } from './testing/result-log-fixture.ts';

const open = async (folder: string) =>
  openEmbeddedRedis({ folder, cache: await defaultCache(process.env), environment: process.env });

/** Has the server write its log anew with a snapshot in front, as it does by itself from 64 MB on. */
async function rewriteLog(url: string): Promise<void> {
  const direct = openRedis({ url, name: 'test' });
  await direct.call('BGREWRITEAOF');
  const state = () => direct.info('persistence');
  await expect.poll(state, { timeout: 20_000 }).toMatch(/aof_rewrite_in_progress:0/);
  await expect.poll(state).toMatch(/aof_rewrite_scheduled:0/);
  direct.disconnect();
}

it('says that nothing is behind when all was read, also after a restart behind a rewritten log', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tagtrail-test-'));
  const first = await open(folder);
  const before = await openResultLog({ url: first.url, consumer: 'writer' });
  await append(before, 1, 2);
  await before.read(NOW);
  await rewriteLog(first.url);
  for (let fence = 3; fence <= 30; fence += 1) await append(before, fence);
  await before.read(NOW);
  expect(await before.stats()).toMatchObject({ lag: 0 });
  await before[Symbol.asyncDispose]();
  await first[Symbol.asyncDispose]();

  const second = await open(folder);
  const after = await openResultLog({ url: second.url, consumer: 'writer' });
  expect(await after.stats()).toMatchObject({ lag: 0, length: 30 });
  await append(after, 31, 32);
  expect(await after.stats()).toMatchObject({ lag: 2 });
  const direct = openRedis({ url: second.url, name: 'test' });
  await direct.xgroup('DESTROY', KEYS.log, 'status-writer');
  expect(await after.stats()).toMatchObject({ lag: 32 });
  direct.disconnect();
  await after[Symbol.asyncDispose]();
  await second[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});
