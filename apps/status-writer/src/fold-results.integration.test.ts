import { deleteImageStream, type ImportOutcome, replaceImageStream } from '@tagtrail/image-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  digest,
  SETTINGS,
  T0,
} from '../../../packages/image-stream-redis/src/testing/open-store-for-test.ts';
import {
  documentOf,
  found,
} from '../../../packages/image-stream-redis/src/testing/record-for-test.ts';
import { foldResults } from './fold-results.ts';
import { failed, look, postponed, unchanged } from './testing/looks.ts';
import { openWriterForTest, T1 } from './testing/open-writer-for-test.ts';

let writer: Awaited<ReturnType<typeof openWriterForTest>>;
beforeEach(async () => {
  writer = await openWriterForTest();
  await writer.images.save(['1', '2', '3'].map((digit) => documentOf(digest(digit))));
});
afterEach(async () => writer[Symbol.asyncDispose]());

const fold = (delivered: Awaited<ReturnType<typeof writer.deliver>>, parts = {}) =>
  foldResults({ results: delivered, listings: [] }, { ...writer.dependencies, ...parts }, T1);
const verdicts = () => writer.metrics.commits.map((one) => one.verdicts);

describe('a tag that was put off', () => {
  it('is due after the cool-down, and nothing else of it moves', async () => {
    await writer.create();
    await fold(await writer.deliver(found('1', 1)));
    const before = await writer.read();
    const { nextDue: _, ...known } = (await writer.checksOf()).get('latest') ?? {};
    await fold(await writer.deliver(look(2, postponed)));
    expect(await writer.read()).toEqual(before);
    const after = (await writer.checksOf()).get('latest');
    expect(after).toMatchObject(known);
    expect(after?.nextDue).toBeGreaterThanOrEqual(T0 + 600_000);
    expect(await writer.placed()).toBe(String(after?.nextDue));
    expect(await writer.pending()).toBe(0);
    expect(writer.metrics).toMatchObject({ touches: 0, postponements: 1, commits: [{}] });
  });

  it('keeps the condition and the attempts of a failure before', async () => {
    await writer.create();
    await fold(await writer.deliver(look(1, failed)));
    const before = await writer.read();
    await fold(await writer.deliver(look(2, postponed)));
    expect(await writer.read()).toEqual(before);
    expect((await writer.checksOf()).get('latest')).toMatchObject({
      attempts: 1,
      outcome: 'Timeout',
      message: 'slow',
    });
  });
});

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
    expect(await writer.imagesOf()).toEqual(['1', '2', '1']);
    expect(verdicts().at(-1)).toEqual(['recorded', 'recorded']);
  });

  it('are counted once when one is delivered twice', async () => {
    await writer.create();
    await fold(await writer.deliver(found('1', 1), found('1', 1)));
    expect(verdicts()).toEqual([['recorded', 'superseded']]);
    expect(await writer.historyOf()).toEqual(['1']);
    expect(await writer.pending()).toBe(0);
  });

  it('never let an older one over a newer one, whenever it comes', async () => {
    await writer.create();
    await fold(await writer.deliver(found('2', 5)));
    await fold(await writer.deliver(found('1', 4)));
    await fold(await writer.deliver(look(3, unchanged('1')), look(2, failed)));
    expect(await writer.imagesOf()).toEqual(['2']);
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
    expect(await writer.imagesOf()).toEqual([]);
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
    expect(await writer.imagesOf('v0')).toEqual(['1']);
    expect(verdicts()[0]?.filter((one) => one === 'undocumented')).toHaveLength(20);
    expect(await writer.pending()).toBe(0);
  });
});
