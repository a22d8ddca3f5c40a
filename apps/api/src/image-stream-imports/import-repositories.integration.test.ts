import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digest } from '../testing/a-stream.ts';
import {
  type ImportsForTest,
  imageFrom,
  openImportsForTest,
} from '../testing/open-imports-for-test.ts';

const NOT_FOUND = {
  kind: 'failed',
  reason: 'NotFound',
  message: 'dockerimage.image.openshift.io "quay.io/acme/gone:v1" not found',
} as const;

describe('requested imports of a repository', () => {
  let api: ImportsForTest;
  const tags = ['latest', ...Array.from({ length: 52 }, (_, at) => `t${at}`)];

  beforeAll(async () => {
    api = await openImportsForTest();
    api.workers.registry['quay.io/acme/app:v1'] = { digest: digest('1') };
    api.workers.registry['quay.io/acme/many'] = { kind: 'listed', tags };
    for (const tag of tags) {
      api.workers.registry[`quay.io/acme/many:${tag}`] = { digest: digest('4') };
    }
  });

  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });

  const repository = (name: string) => ({ from: { kind: 'DockerImage', name } });

  it('imports the first tags, and names the others', async () => {
    const { status } = await api.importTo('many', {
      import: true,
      repository: repository('quay.io/acme/many'),
      images: [imageFrom('quay.io/acme/many:t51')],
    });
    const { repository: listed } = status;
    expect(listed?.status).toEqual({ metadata: {}, status: 'Success' });
    const imported = [...tags.slice(0, 50), 't51'];
    expect(listed?.images?.map(({ tag }) => tag)).toEqual(imported);
    expect(listed?.additionalTags).toEqual(['t49', 't50']);
    expect(status.import?.status.tags?.map(({ tag }) => tag)).toEqual(imported.toSorted());
    const jobs = api.workers.newest;
    expect(jobs.map(({ request }) => request?.slot)).toEqual(jobs.map((_, slot) => slot));
    expect(jobs.map(({ from }) => from).filter((from) => from.endsWith(':t51'))).toHaveLength(1);
    expect(jobs[1]).toMatchObject({ kind: 'repository-listing', from: 'quay.io/acme/many' });
    expect(jobs[2]).toMatchObject({
      from: 'quay.io/acme/many:latest',
      records: { listed: true, createsStream: true },
    });
  });

  it('leaves a tag to the image that is asked for under its name', async () => {
    api.workers.registry['quay.io/acme/two'] = { kind: 'listed', tags: ['v1', 'v2'] };
    api.workers.registry['quay.io/acme/two:v1'] = { digest: digest('5') };
    api.workers.registry['quay.io/acme/two:v2'] = { digest: digest('6') };
    const { status } = await api.importTo('two', {
      import: true,
      repository: repository('quay.io/acme/two'),
      images: [imageFrom('quay.io/acme/app:v1')],
    });
    expect(status.images?.[0]?.image?.metadata.name).toBe(digest('1'));
    expect(status.repository?.images?.map((one) => one.image?.metadata.name)).toEqual([
      digest('5'),
      digest('6'),
    ]);
    const heads = status.import?.status.tags?.map(({ items }) => items?.[0]?.image);
    expect(heads).toEqual([digest('1'), digest('6')]);
  });

  it.each([
    [1, 'one of the images from this repository failed to import'],
    [2, '2 of the images from this repository failed to import'],
  ])('fails when %i of its images do', async (count, message) => {
    const name = `quay.io/acme/half${count}`;
    const listed = ['a', 'b', 'c'];
    api.workers.registry[name] = { kind: 'listed', tags: listed };
    for (const [at, tag] of listed.entries()) {
      api.workers.registry[`${name}:${tag}`] = at < count ? NOT_FOUND : { digest: digest('5') };
    }
    const { code, status } = await api.importTo('half', { repository: repository(name) });
    expect(code).toBe(201);
    expect(status.repository?.status).toEqual({
      metadata: {},
      status: 'Failure',
      message,
      reason: 'ImportFailed',
    });
    expect(status.repository?.images).toHaveLength(3);
  });

  it('fails when its tags can not be listed, or its name can not be read', async () => {
    const failure = { kind: 'failed', reason: 'TLSError', message: 'no trust' } as const;
    api.workers.registry['quay.io/acme/shut'] = failure;
    const shut = await api.importTo('shut', { repository: repository('quay.io/acme/shut') });
    expect([shut.code, shut.status.repository]).toEqual([
      201,
      {
        status: {
          metadata: {},
          status: 'Failure',
          message: 'no trust',
          reason: 'TLSError',
          code: 500,
        },
      },
    ]);
    const odd = await api.importTo('odd', { repository: repository('a//b') });
    expect(odd.status.repository?.status.reason).toBe('Invalid');
  });
});
