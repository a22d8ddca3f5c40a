import { StoreError, type StreamChange } from '@tagtrail/image-stream';
import { openResultLog } from '@tagtrail/import-results-redis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digest } from '../../../packages/image-stream-redis/src/testing/open-store-for-test.ts';
import {
  documentOf,
  found,
} from '../../../packages/image-stream-redis/src/testing/record-for-test.ts';
import { foldResults } from './fold-results.ts';
import { failed, look, unchanged } from './testing/looks.ts';
import { app, openWriterForTest, T1 } from './testing/open-writer-for-test.ts';

let writer: Awaited<ReturnType<typeof openWriterForTest>>;
beforeEach(async () => {
  writer = await openWriterForTest();
  await writer.images.save(['1', '2', '3'].map((digit) => documentOf(digest(digit))));
});
afterEach(async () => writer[Symbol.asyncDispose]());

const fold = (delivered: Awaited<ReturnType<typeof writer.deliver>>, parts = {}) =>
  foldResults({ results: delivered, listings: [] }, { ...writer.dependencies, ...parts }, T1);

describe('other writers', () => {
  /** Streams that somebody else writes to before each commit, `times` times. */
  function contended(times: number) {
    const { streams } = writer.dependencies;
    let left = times;
    return {
      read: streams.read,
      async commit(change: StreamChange) {
        const current = left > 0 ? await streams.read(app) : undefined;
        left -= 1;
        if (current)
          await streams.commit({ ...change, ...relabelled(current, left), receipts: [] });
        return streams.commit(change);
      },
    };
  }

  function relabelled(current: Awaited<ReturnType<typeof writer.read>>, at: number) {
    const metadata = { ...current.metadata, labels: { at: String(at) } };
    const after = { ...current, metadata };
    const nothing = { checks: [], history: [], expectedChecks: new Map() };
    return { before: current, after, recordUnchanged: false, ...nothing };
  }

  it('that win a few times are overtaken without a loss', async () => {
    await writer.create();
    await fold(await writer.deliver(found('1', 1)), { streams: contended(3) });
    expect(await writer.imagesOf()).toEqual(['1']);
    expect((await writer.read()).metadata.labels).toEqual({ at: '0' });
    expect(await writer.pending()).toBe(0);
  });

  it('that always win leave the results for a later delivery', async () => {
    await writer.create();
    await fold(await writer.deliver(found('1', 1)), { streams: contended(100) });
    expect(writer.metrics.contentions).toBe(1);
    expect(await writer.imagesOf()).toEqual([]);
    expect(await writer.pending()).toBe(1);
  });

  it('that fold the same batch record it once', async () => {
    await writer.create('app', { a: 'quay.io/a', b: 'quay.io/b', latest: 'quay.io/c' });
    const batch = await writer.deliver(
      found('1', 1, { tag: 'a' }),
      found('2', 2, { tag: 'b' }),
      found('3', 3),
      look(4, failed),
    );
    await Promise.all([fold(batch), fold(batch), fold(batch.slice(2))]);
    for (const tag of ['a', 'b', 'latest']) expect(await writer.historyOf(tag)).toHaveLength(1);
    expect((await writer.checksOf()).get('latest')).toMatchObject({ attempts: 1, fence: 4 });
    expect(await writer.pending()).toBe(0);
  });

  it('that died between reading and writing lose nothing: another takes over', async () => {
    await writer.create();
    const dead = await openResultLog({ url: writer.url, consumer: 'dead' });
    await writer.append(found('1', 1));
    expect((await dead.read({ count: 10, wait: 0 })).results).toHaveLength(1);
    await dead[Symbol.asyncDispose]();
    expect((await writer.results.read({ count: 10, wait: 0 })).results).toEqual([]);
    const { results } = await writer.results.claimStale({ count: 10, idle: 0 });
    await fold(results);
    expect(await writer.imagesOf()).toEqual(['1']);
    expect(await writer.pending()).toBe(0);
  });
});

describe('a stream that is no good', () => {
  it.each([
    ['unreadable', (record: string) => writer.redis.hset(record, 'meta', 'nonsense')],
    ['replaced by something else', (record: string) => writer.redis.set(record, 'x')],
  ])('keeps nobody from the others, and its results are delivered again: %s', async (_, damage) => {
    await writer.create();
    const bad = { namespace: 'demo', name: 'bad' };
    await writer.create('bad');
    await writer.append(look(1, unchanged('1')), { key: bad });
    await writer.append(found('1', 2), { key: bad });
    await damage('{tagtrail}:is:demo/bad');
    await fold(await writer.deliver(found('1', 3)));
    expect(await writer.imagesOf()).toEqual(['1']);
    expect(await writer.pending()).toBe(2);
    expect(writer.lines).toMatchObject([{ level: 'error', stream: 'demo/bad', results: 2 }]);
  });

  it('keeps nobody from the others when its check states are replaced by something else', async () => {
    await writer.create();
    await writer.create('bad');
    const bad = { namespace: 'demo', name: 'bad' };
    await fold(await writer.deliver(found('1', 1)));
    await writer.append(look(2, unchanged('1')), { key: bad });
    const { uid } = (await writer.read(bad)).metadata;
    await writer.redis.del(`{tagtrail}:checks:${uid}`);
    await writer.redis.set(`{tagtrail}:checks:${uid}`, 'x');
    await fold(await writer.deliver(look(3, unchanged('1'))));
    expect((await writer.checksOf()).get('latest')?.fence).toBe(3);
    expect(await writer.pending()).toBe(1);
  });
});

describe('an outage', () => {
  it('is thrown when the rest of the batch was tried, and nothing is lost or done twice', async () => {
    await writer.create();
    await writer.create('other');
    const other = { namespace: 'demo', name: 'other' };
    await writer.append(found('2', 1), { key: other });
    const batch = await writer.deliver(found('1', 2));
    const { streams } = writer.dependencies;
    const away = new StoreError('unavailable', 'away');
    const failing = {
      read: streams.read,
      commit: (change: StreamChange) =>
        change.key.name === 'other' ? Promise.reject(away) : streams.commit(change),
    };
    await expect(fold(batch, { streams: failing })).rejects.toBe(away);
    expect(await writer.imagesOf()).toEqual(['1']);
    await fold(batch);
    expect(await writer.imagesOf('latest', other)).toEqual(['2']);
    expect(await writer.historyOf()).toEqual(['1']);
    expect(await writer.pending()).toBe(0);
  });
});
