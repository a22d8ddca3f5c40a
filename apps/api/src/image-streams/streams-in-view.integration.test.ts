import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aStream } from '../testing/a-stream.ts';
import { askAs, grantedToken } from '../testing/access-for-test.ts';
import { anImportedTag } from '../testing/an-imported-tag.ts';
import { type ApiForTest, openApiForTest } from '../testing/open-api-for-test.ts';

const PATH = '/apis/image.openshift.io/v1/namespaces/near';
const REFUSED =
  /^imagestreams\.image\.openshift\.io "lib" is forbidden: token "token-\d+" cannot get resource "imagestreams" in API group "image\.openshift\.io" in the namespace "far"$/;

let api: ApiForTest;
let asEditor: ReturnType<typeof askAs>;
let asViewerToo: ReturnType<typeof askAs>;

beforeAll(async () => {
  api = await openApiForTest();
  await anImportedTag(api, { namespace: 'far', name: 'lib' });
  const edit = { role: 'edit', namespace: 'near' } as const;
  asEditor = askAs(api, await grantedToken(api, [edit]));
  const both = [edit, { role: 'view', namespace: 'far' } as const];
  asViewerToo = askAs(api, await grantedToken(api, both));
});
afterAll(() => api[Symbol.asyncDispose]());

const from = { kind: 'ImageStreamTag', name: 'lib:latest', namespace: 'far' };
const tag = { name: 'copy', from, importPolicy: {}, referencePolicy: { type: 'Source' as const } };
const stream = (name: string) => ({
  ...aStream(name, { namespace: 'near' }),
  spec: { tags: [tag] },
});
const streamTag = (name: string) => ({
  kind: 'ImageStreamTag',
  apiVersion: 'image.openshift.io/v1',
  metadata: { name, namespace: 'near' },
  tag,
});

describe('a tag of another namespace is copied only for who may view that namespace', () => {
  it.each<[what: string, method: string, path: (name: string) => string, body: typeof stream]>([
    ['a new stream', 'POST', () => `${PATH}/imagestreams`, stream],
    [
      'a new tag',
      'POST',
      () => `${PATH}/imagestreamtags`,
      (name) => streamTag(`${name}:copy`) as never,
    ],
    [
      'a tag that is put',
      'PUT',
      (name) => `${PATH}/imagestreamtags/${name}:copy`,
      (name) => streamTag(`${name}:copy`) as never,
    ],
  ])('by %s', async (what, method, path, bodyOf) => {
    const name = what.replaceAll(' ', '-');
    const body = bodyOf(name);
    const refused = await asEditor(path(name), { method, body });
    expect(refused.code).toBe(403);
    expect(refused.answer['message']).toMatch(REFUSED);
    const dry = await asEditor(`${path(name)}?dryRun=All`, { method, body });
    expect(dry.code).toBe(403);
    expect((await asEditor(`${PATH}/imagestreams/${name}`)).code).toBe(404);
    expect((await asViewerToo(path(name), { method, body })).code).toBe(201);
  });

  it('and a stream that has such a tag can be edited by who may not', async () => {
    await asViewerToo(`${PATH}/imagestreams`, { method: 'POST', body: stream('edited') });
    const { answer } = await asEditor(`${PATH}/imagestreams/edited`);
    const labels = { team: 'a' };
    const labelled = { ...answer, metadata: { ...(answer['metadata'] as object), labels } };
    const replaced = await asEditor(`${PATH}/imagestreams/edited`, {
      method: 'PUT',
      body: labelled,
    });
    expect(replaced).toMatchObject({ code: 200, answer: { metadata: { labels } } });
  });

  it('and not for one that is replaced to have it', async () => {
    const body = aStream('plain', { namespace: 'near' });
    await asEditor(`${PATH}/imagestreams`, { method: 'POST', body });
    const { answer } = await asEditor(`${PATH}/imagestreams/plain`);
    const replaced = await asEditor(`${PATH}/imagestreams/plain`, {
      method: 'PUT',
      body: { ...answer, spec: { tags: [tag] } },
    });
    expect(replaced.code).toBe(403);
  });
});
