import { deleteImageStream, type RequestedTag } from '@tagtrail/image-stream';
import type {
  ImportRequests,
  ImportResult,
  OpenRequest,
  RepositoryListingResult,
  SlotAnswer,
} from '@tagtrail/import-contract';
import { openImportRequests } from '@tagtrail/import-results-redis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digest } from '../../../packages/image-stream-redis/src/testing/open-store-for-test.ts';
import {
  documentOf,
  found,
} from '../../../packages/image-stream-redis/src/testing/record-for-test.ts';
import { foldResults } from './fold-results.ts';
import { failed, look, postponed } from './testing/looks.ts';
import { app, openWriterForTest, resultOf, T1 } from './testing/open-writer-for-test.ts';

let writer: Awaited<ReturnType<typeof openWriterForTest>>;
let requests: ImportRequests;
let request: OpenRequest;
beforeEach(async () => {
  writer = await openWriterForTest();
  await writer.images.save(['1', '2', '3'].map((digit) => documentOf(digest(digit))));
  requests = await openImportRequests({ url: writer.url });
  request = await requests.open({ id: 'r-1', lifetime: 60_000 });
});
afterEach(async () => {
  await requests[Symbol.asyncDispose]();
  await writer[Symbol.asyncDispose]();
});

const RECORDS: RequestedTag = {
  importPolicy: { importMode: 'Legacy' },
  referencePolicy: { type: 'Source' },
  createsStream: false,
  listed: false,
};

interface Asked {
  readonly slot?: number;
  readonly uid?: string;
  readonly records?: Partial<RequestedTag> | null;
}

/** A result that `request` waits for; of a stream that does not exist yet unless a uid is given. */
function asked(seen: ReturnType<typeof look>, { slot = 0, uid = 'new', records }: Asked = {}) {
  const result: ImportResult = {
    ...resultOf(seen, { ...app, uid, tag: seen.tag }),
    reason: 'requested',
    request: { id: request.id, replyTo: requests.replyTo, slot },
  };
  const creates = { createsStream: uid === 'new' };
  return records === null ? result : { ...result, records: { ...RECORDS, ...creates, ...records } };
}

async function fold(...results: readonly (ImportResult | RepositoryListingResult)[]) {
  for (const result of results) await writer.results.append(result);
  await foldResults(await writer.results.read({ count: 500, wait: 0 }), writer.dependencies, T1);
}

const absent = { generation: 0 };
const verdicts = () => writer.metrics.commits.map((one) => one.verdicts);
const answer = (slot = 0): Promise<SlotAnswer> => request.answer(slot);

describe('a requested import that was put off', () => {
  const refused = {
    kind: 'failed',
    reason: 'TooManyRequests',
    message: 'quay.io/acme/app:latest: not asked',
  };

  it('is answered as a refusal, and makes nothing', async () => {
    await fold(asked(look(1, postponed, absent)));
    expect(await answer()).toEqual(refused);
    await expect(writer.read()).rejects.toThrow('no stream app');
    expect(await writer.pending()).toBe(0);
  });

  it('leaves no trace in a stream that is there', async () => {
    await writer.create();
    const before = await writer.read();
    const checks = await writer.checksOf();
    const uid = before.metadata.uid ?? '';
    await fold(asked(look(1, postponed), { uid }));
    expect(await answer()).toEqual(refused);
    expect(await writer.read()).toEqual(before);
    expect(await writer.checksOf()).toEqual(checks);
  });

  it('is answered when it was a mere look', async () => {
    await fold(asked(look(1, postponed, absent), { records: null }));
    expect(await answer()).toEqual(refused);
  });
});

describe('a requested import', () => {
  it('makes the stream and answers with what was committed', async () => {
    await fold(
      asked(found('1', 1, absent)),
      asked(found('2', 2, { tag: 'v2', ...absent }), { slot: 1 }),
    );
    const stream = await writer.read();
    expect(stream.metadata).toMatchObject({ uid: 'new', generation: 1 });
    expect(stream.spec.tags?.map(({ name }) => name)).toEqual(['latest', 'v2']);
    const dockerImageReference = `quay.io/acme/app@${digest('1')}`;
    expect(await answer()).toEqual({ kind: 'imported', image: digest('1'), dockerImageReference });
    expect(await answer(1)).toMatchObject({ image: digest('2') });
    expect(await writer.pending()).toBe(0);
  });

  it('answers a failure with its reason, and records it', async () => {
    await fold(asked(look(1, failed, absent)));
    expect(await answer()).toEqual({ kind: 'failed', reason: 'Timeout', message: 'slow' });
    expect((await writer.read()).status.tags?.[0]?.conditions).toHaveLength(1);
  });

  it('only looks when nothing is to be recorded', async () => {
    await fold(asked(found('1', 1, absent), { records: null }));
    expect(await answer()).toMatchObject({ kind: 'imported', image: digest('1') });
    expect(await writer.dependencies.streams.read(app)).toBeUndefined();
    expect(await writer.pending()).toBe(0);
  });

  it('is answered 409 when the stream was made by somebody else meanwhile', async () => {
    await writer.create();
    await fold(asked(found('1', 1, absent)));
    expect(await answer()).toMatchObject({ kind: 'conflict' });
    expect(await writer.imagesOf()).toEqual([]);
  });

  it('does not bring back a stream that was deleted after its first answer', async () => {
    await fold(asked(found('1', 1, absent)));
    await request.answer(0);
    const { streams } = writer.dependencies;
    await streams.commit(deleteImageStream(await writer.read(), await writer.checksOf()));
    await fold(asked(found('2', 2, { tag: 'v2', ...absent }), { slot: 1 }));
    expect(await answer(1)).toMatchObject({ kind: 'conflict' });
    expect(await writer.dependencies.streams.read(app)).toBeUndefined();
    expect(await writer.pending()).toBe(0);
  });

  it('makes the stream after a look of the same request was answered', async () => {
    await fold(asked(found('2', 1, { tag: 'v2', ...absent }), { records: null, slot: 0 }));
    await fold(asked(found('1', 2, absent), { slot: 1 }));
    expect(await answer(1)).toMatchObject({ kind: 'imported' });
    expect(await writer.imagesOf()).toEqual(['1']);
  });

  it('counts once when its result comes twice, even if the tag is gone by then', async () => {
    await fold(asked(found('1', 1, absent)));
    const { uid = '' } = (await writer.read()).metadata;
    await fold(asked(found('1', 1, absent)), asked(found('2', 2, absent), { uid, slot: 1 }));
    expect(verdicts().at(-1)).toEqual(['gone', 'recorded']);
    expect(await writer.historyOf()).toEqual(['2', '1']);
    expect(await writer.pending()).toBe(0);
  });

  it('is answered with a newer look that was committed before it', async () => {
    await writer.create();
    const { uid = '' } = (await writer.read()).metadata;
    await fold(asked(found('2', 5), { uid, slot: 0 }));
    await fold(asked(found('1', 4), { uid, slot: 1 }));
    expect(await answer(1)).toMatchObject({ kind: 'imported', image: digest('2') });
    expect(await writer.imagesOf()).toEqual(['2']);
  });

  it('says that the image must be imported again when its document was lost', async () => {
    await fold(asked(found('4', 1, absent)));
    expect(await answer()).toMatchObject({ kind: 'failed', reason: 'RegistryError' });
    expect(await writer.dependencies.streams.read(app)).toBeUndefined();
  });

  it('goes on when nobody waits any more', async () => {
    await request[Symbol.asyncDispose]();
    await fold(asked(found('1', 1, absent)));
    expect(await writer.imagesOf()).toEqual(['1']);
    expect(await writer.redis.keys('*request*')).toEqual([]);
  });
});

describe('a listing', () => {
  const listing = (fields: Partial<RepositoryListingResult>): RepositoryListingResult => ({
    kind: 'repository-listing',
    version: 1,
    fence: 1,
    key: { ...app, uid: 'new' },
    generation: 0,
    reason: 'requested',
    dueAt: T1,
    startedAt: T1,
    finishedAt: T1,
    registry: 'quay.io',
    from: 'quay.io/acme/app',
    outcome: { kind: 'listed', tags: ['latest', 'v2'] },
    ...fields,
  });

  it('answers a request and records nothing', async () => {
    const slot = { id: request.id, replyTo: requests.replyTo, slot: 0 };
    await fold(listing({ request: slot }));
    expect(await answer()).toEqual({ kind: 'listed', tags: ['latest', 'v2'] });
    expect(await writer.dependencies.streams.read(app)).toBeUndefined();
    expect(await writer.pending()).toBe(0);
  });

  it('of nobody is acknowledged', async () => {
    await fold(listing({ reason: 'never-imported' }));
    expect(await writer.pending()).toBe(0);
  });
});
