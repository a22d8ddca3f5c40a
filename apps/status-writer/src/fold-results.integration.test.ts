import {
  deleteImageStream,
  type ImportOutcome,
  replaceImageStream,
  type StreamChange,
  type TagOutcome,
} from '@tagtrail/image-stream';
import { openResultLog } from '@tagtrail/import-results-redis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  digest,
  SETTINGS,
} from '../../../packages/image-stream-redis/src/testing/open-store-for-test.ts';
import {
  documentOf,
  found,
} from '../../../packages/image-stream-redis/src/testing/record-for-test.ts';
import { foldResults } from './fold-results.ts';
import { app, openWriterForTest, T1 } from './testing/open-writer-for-test.ts';

let writer: Awaited<ReturnType<typeof openWriterForTest>>;
beforeEach(async () => {
  writer = await openWriterForTest();
  await writer.images.save(['1', '2', '3'].map((digit) => documentOf(digest(digit))));
});
afterEach(async () => writer[Symbol.asyncDispose]());

const fold = (delivered: Awaited<ReturnType<typeof writer.deliver>>, parts = {}) =>
  foldResults(delivered, { ...writer.dependencies, ...parts }, T1);
const look = (fence: number, outcome: ImportOutcome, fields: Partial<TagOutcome> = {}) => ({
  ...found('1', fence),
  outcome,
  ...fields,
});
const unchanged = (digit: string): ImportOutcome => ({
  kind: 'unchanged',
  upstreamDigest: digest(digit),
  image: digest(digit),
});
const failed: ImportOutcome = {
  kind: 'failed',
  reason: 'Timeout',
  message: 'slow',
  retryable: true,
};
const imagesOf = async (tag = 'latest', key = app) =>
  ((await writer.read(key)).status.tags ?? [])
    .filter((list) => list.tag === tag)
    .flatMap(({ items }) => (items ?? []).map((event) => event.image.slice(7, 8)));
const historyOf = async (tag = 'latest') => {
  const key = { ...app, uid: (await writer.read()).metadata.uid ?? '', tag };
  const events = await writer.dependencies.streams.history(key, { offset: 0, limit: 100 });
  return events.map((event) => event.image.slice(7, 8));
};
const verdicts = () => writer.metrics.commits.map((one) => one.verdicts);

describe('an unchanged look', () => {
  it('moves the check state and the due time only, and is acknowledged', async () => {
    await writer.create();
    await fold(await writer.deliver(found('1', 1)));
    const before = await writer.read();
    await fold(await writer.deliver(look(2, unchanged('1'))));
    expect(await writer.read()).toEqual(before);
    expect((await writer.checksOf()).get('latest')).toMatchObject({ fence: 2, lastChecked: T1 });
    expect(await writer.pending()).toBe(0);
    expect(writer.metrics).toMatchObject({ touches: 1, commits: [{}] });
  });

  it('is committed instead when an edit came between reading and touching', async () => {
    await writer.create();
    await fold(await writer.deliver(found('1', 1)));
    const { checks } = writer.dependencies;
    const racing = {
      ...checks,
      async touch(touches: Parameters<typeof checks.touch>[0]) {
        await edit('quay.io/acme/other');
        return checks.touch(touches);
      },
    };
    await fold(await writer.deliver(look(2, unchanged('1'))), { checks: racing });
    expect(verdicts().at(-1)).toEqual(['stale']);
    expect(await writer.placed()).toBe(String(T1));
    expect(await writer.pending()).toBe(0);
  });

  it('clears the condition of a failure, which is a change of the record', async () => {
    await writer.create();
    await fold(await writer.deliver(found('1', 1), look(2, failed)));
    await fold(await writer.deliver(look(3, unchanged('1'))));
    expect((await writer.read()).status.tags?.[0]?.conditions).toBeUndefined();
    expect(writer.metrics.touches).toBe(0);
  });
});

/** As the API makes it. */
async function edit(from: string): Promise<void> {
  const current = await writer.read();
  const tags = (current.spec.tags ?? []).map((tag) => ({
    ...tag,
    from: { kind: 'DockerImage', name: from },
  }));
  const checks = await writer.checksOf();
  const context = { now: T1, uid: '', settings: SETTINGS, checks };
  const input = { ...current, spec: { ...current.spec, tags } };
  const write = replaceImageStream(current, input, context);
  if (!write.ok) throw new Error('refused');
  await writer.dependencies.streams.commit(write.change);
}

describe('several looks at one tag in a batch', () => {
  it('are counted in the order of their fences, unchanged ones too', async () => {
    await writer.create();
    await fold(await writer.deliver(found('1', 1)));
    // The second began first, saw a move, and was told later.
    await fold(await writer.deliver(look(3, unchanged('1')), found('2', 2)));
    expect(await imagesOf()).toEqual(['1', '2', '1']);
    expect(verdicts().at(-1)).toEqual(['recorded', 'recorded']);
  });

  it('are counted once when one is delivered twice', async () => {
    await writer.create();
    await fold(await writer.deliver(found('1', 1), found('1', 1)));
    expect(verdicts()).toEqual([['recorded', 'superseded']]);
    expect(await historyOf()).toEqual(['1']);
    expect(await writer.pending()).toBe(0);
  });

  it('never let an older one over a newer one, whenever it comes', async () => {
    await writer.create();
    await fold(await writer.deliver(found('2', 5)));
    await fold(await writer.deliver(found('1', 4)));
    await fold(await writer.deliver(look(3, unchanged('1')), look(2, failed)));
    expect(await imagesOf()).toEqual(['2']);
    expect(await writer.pending()).toBe(0);
  });
});

describe('a look that does not count', () => {
  it('is stale after an edit: acknowledged, nothing recorded, the tag is due', async () => {
    await writer.create();
    const before = await writer.deliver(found('1', 1));
    await edit('quay.io/acme/new');
    const { resourceVersion } = (await writer.read()).metadata;
    await fold(before);
    expect(verdicts()).toEqual([['stale']]);
    expect((await writer.read()).metadata.resourceVersion).toBe(resourceVersion);
    expect(await writer.placed()).toBe(String(T1));
    expect(await writer.pending()).toBe(0);
  });

  it('is gone with its stream, also when a new one has the name by now', async () => {
    await writer.create();
    const delivered = await writer.deliver(found('1', 1), look(2, unchanged('1')));
    const current = await writer.read();
    const change = deleteImageStream(current, await writer.checksOf());
    await writer.dependencies.streams.commit(change);
    await fold(delivered.slice(0, 1));
    await writer.create();
    const remade = await writer.read();
    await fold(delivered.slice(1));
    expect(verdicts()).toEqual([['gone'], ['gone']]);
    expect(await writer.read()).toEqual(remade);
    expect((await writer.checksOf()).get('latest')).toMatchObject({ outcome: 'never', fence: 0 });
    expect(await writer.pending()).toBe(0);
  });

  it('is gone with its tag, or with its check state', async () => {
    await writer.create();
    const { uid } = (await writer.read()).metadata;
    await fold(await writer.deliver(found('1', 1, { tag: 'none' })));
    await writer.redis.hset(`{tagtrail}:checks:${uid}`, 'latest', 'nonsense');
    await fold(await writer.deliver(found('1', 2)));
    expect(verdicts()).toEqual([['gone'], ['gone']]);
    expect(await writer.pending()).toBe(0);
  });
});

describe('a document that is gone', () => {
  const many = Object.fromEntries(
    Array.from({ length: 20 }, (_, at) => [`v${at}`, `quay.io/acme/app:${at}`]),
  );

  it('keeps its look out of the record, and the tag is looked at from scratch after a wait', async () => {
    await writer.create();
    await writer.redis.del(`{tagtrail}:image:${digest('1')}`);
    await fold(await writer.deliver(found('1', 1)));
    expect(verdicts()).toEqual([['undocumented']]);
    expect(await imagesOf()).toEqual([]);
    expect((await writer.checksOf()).get('latest')).toMatchObject({
      fence: 1,
      attempts: 1,
      upstreamDigest: null,
    });
    expect(Number(await writer.placed())).toBeGreaterThan(T1);
    expect(await writer.pending()).toBe(0);
  });

  it('does not hold up a batch, however many are gone at once', async () => {
    await writer.create('app', many);
    const looks = Object.keys(many).map((tag, at) => {
      const image = `sha256:${at.toString(16).padStart(64, '0')}`;
      const dockerImageReference = `quay.io/acme/app@${image}`;
      const outcome = { kind: 'imported', upstreamDigest: image, image, dockerImageReference };
      return look(at + 1, outcome as ImportOutcome, { tag });
    });
    await fold(await writer.deliver(...looks, found('1', 40, { tag: 'v0' })));
    expect(await imagesOf('v0')).toEqual(['1']);
    expect(verdicts()[0]?.filter((one) => one === 'undocumented')).toHaveLength(20);
    expect(await writer.pending()).toBe(0);
  });
});

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
    expect(await imagesOf()).toEqual(['1']);
    expect((await writer.read()).metadata.labels).toEqual({ at: '0' });
    expect(await writer.pending()).toBe(0);
  });

  it('that always win leave the results for a later delivery', async () => {
    await writer.create();
    await fold(await writer.deliver(found('1', 1)), { streams: contended(100) });
    expect(writer.metrics.contentions).toBe(1);
    expect(await imagesOf()).toEqual([]);
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
    for (const tag of ['a', 'b', 'latest']) expect(await historyOf(tag)).toHaveLength(1);
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
    expect(await imagesOf()).toEqual(['1']);
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
    expect(await imagesOf()).toEqual(['1']);
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
    const away = Object.assign(new Error('away'), { code: 'unavailable' });
    const failing = {
      read: streams.read,
      commit: (change: StreamChange) =>
        change.key.name === 'other' ? Promise.reject(away) : streams.commit(change),
    };
    await fold(batch, { streams: failing });
    expect(await imagesOf()).toEqual(['1']);
    await fold(batch);
    expect(await imagesOf('latest', other)).toEqual(['2']);
    expect(await historyOf()).toEqual(['1']);
    expect(await writer.pending()).toBe(0);
  });
});
