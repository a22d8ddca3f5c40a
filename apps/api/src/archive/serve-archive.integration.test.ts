import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openClientForTest } from '../../../../packages/redis-connection/src/testing/open-client-for-test.ts';
import { anImportedTag } from '../testing/an-imported-tag.ts';
import { type ApiForTest, openApiForTest } from '../testing/open-api-for-test.ts';

const PATH = '/apis/tagtrail.dev/v1/archive';
const ARCHIVE = 'a'.repeat(64);
let api: ApiForTest;
beforeAll(async () => {
  api = await openApiForTest();
});
afterAll(async () => api[Symbol.asyncDispose]());

const post = async (path: string, body: unknown) => {
  const headers = { 'content-type': 'application/json' };
  const init = { method: 'POST', headers, body: JSON.stringify(body) };
  const { code, answer } = await api.ask(`${PATH}${path}`, init);
  return { code, answer, message: answer['message'] };
};
const send = (entries: readonly unknown[], existing = 'keep') =>
  post('', { archive: ARCHIVE, existing, entries });

async function exported(): Promise<readonly Record<string, unknown>[]> {
  const chunks = await api.client.archive.export({ signal: new AbortController().signal });
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  const lines = Buffer.concat(parts).toString().trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

const web = { namespace: 'shop', name: 'web' };
const manifest = '{"schemaVersion":2}';
const digest = `sha256:${createHash('sha256').update(manifest).digest('hex')}`;
let entries: readonly Record<string, unknown>[];

describe('an export', () => {
  it('has the document of an image once, then histories, then their stream', async () => {
    await anImportedTag(api, web, digest, { manifest });
    await anImportedTag(api, { ...web, name: 'web2' }, digest, { manifest });
    const [header, ...rest] = await exported();
    entries = rest.slice(0, -1);
    expect(header).toMatchObject({ kind: 'TagtrailExport', version: 2 });
    expect(entries.map((entry) => Object.keys(entry).join())).toEqual([
      'image',
      'history',
      'stream',
      'history',
      'stream',
    ]);
    expect(rest.at(-1)).toMatchObject({
      kind: 'TagtrailExportEnd',
      streams: 2,
      events: 2,
      images: 1,
    });
  });
});

describe('an import', () => {
  it('is told which streams are there', async () => {
    const { answer } = await post('/existing', { streams: ['shop/web', 'shop/none', 'x'] });
    expect(answer).toEqual({ existing: ['shop/web'] });
    const { answer: sent } = await send(entries);
    expect(sent).toEqual({ restored: [], existing: ['shop/web', 'shop/web2'] });
  });

  it('is told of a stream that is there and cannot be read', async () => {
    const redis = openClientForTest(api.redis.url);
    await redis.hset('{tagtrail}:is:shop/broken', { uid: 'broken', rv: '1', meta: '{' });
    await redis.zadd('{tagtrail}:names', 0, 'shop/broken');
    const { answer } = await post('/existing', { streams: ['shop/broken'] });
    expect(answer).toEqual({ existing: ['shop/broken'] });
    const lines = await exported();
    expect(lines).toContainEqual({ unreadable: { namespace: 'shop', name: 'broken' } });
    expect(lines.at(-1)).toMatchObject({ streams: 2, unreadable: 1 });
    await redis.del('{tagtrail}:is:shop/broken');
    await redis.zrem('{tagtrail}:names', 'shop/broken');
    redis.disconnect();
  });

  it('is told of streams among thousands, each once, whatever it asks for', async () => {
    const redis = openClientForTest(api.redis.url);
    const names = Array.from({ length: 1_200 }, (_, at) => `many/s${String(at).padStart(4, '0')}`);
    await redis.zadd('{tagtrail}:names', ...names.flatMap((name) => [0, name]));
    const asked = ['many/s1199', 'shop/web', 'many/s0000', 'many/s0700', 'many/s', 'many/t'];
    const { answer } = await post('/existing', {
      streams: [...asked, ...asked, 'many/', '/s', ''],
    });
    expect(answer).toEqual({ existing: asked.slice(0, 4) });
    const whole = await post('/existing', { streams: names.slice(150, 1_150) });
    expect(whole.answer).toEqual({ existing: names.slice(150, 1_150) });
    await redis.zrem('{tagtrail}:names', ...names);
    redis.disconnect();
  });

  it('leaves out a stream of which an old event cannot be read, and goes on with the others', async () => {
    const redis = openClientForTest(api.redis.url);
    const { uid } = (await api.client.streams.get(web)).metadata;
    const history = `{tagtrail}:history:${uid}:latest`;
    await redis.rpush(history, 'nonsense');
    await redis.hset(`{tagtrail}:histories:${uid}`, 'before', '');
    await redis.lpush(`{tagtrail}:history:${uid}:before`, (await redis.lindex(history, 0)) ?? '');
    const lines = await exported();
    expect(lines).toContainEqual({ unreadable: web });
    expect(lines.at(-1)).toMatchObject({ kind: 'TagtrailExportEnd', streams: 1, unreadable: 1 });
    const pieces = lines.filter((line) => JSON.stringify(line).includes('"before"'));
    expect(pieces).toHaveLength(1);
    // What came of it before that is not taken for anything.
    const { answer } = await send(lines.slice(1, -1), 'replace');
    expect(answer).toEqual({ restored: ['shop/web2'], existing: [] });
    const [staged = '', ...others] = await redis.keys('*staged*');
    expect([staged, others]).toEqual([`{tagtrail}:staged:${uid}:before`, []]);
    expect(await redis.pttl(staged)).toBeGreaterThan(0);
    expect(await redis.lrange(history, -1, -1)).toEqual(['nonsense']);
    await redis.rpop(history);
    await redis.del(staged, `{tagtrail}:history:${uid}:before`);
    await redis.hdel(`{tagtrail}:histories:${uid}`, 'before');
    redis.disconnect();
  });

  it('brings deleted streams back as they were', async () => {
    const before = await api.client.streams.get(web);
    await api.client.streams.delete(web);
    const begun = await post('/begin', { archive: ARCHIVE, resourceVersion: 9, fence: 9 });
    expect(begun.answer).toEqual({ keepsVersions: false });
    expect((await send(entries)).answer).toEqual({
      restored: ['shop/web'],
      existing: ['shop/web2'],
    });
    const { resourceVersion: _, ...metadata } = before.metadata;
    expect(await api.client.streams.get(web)).toMatchObject({ ...before, metadata });
  });

  it('is refused with the index of the entry that is no good', async () => {
    const [image, history, stream] = entries;
    const of = (entry: unknown) =>
      entry as { history: { offset: number }; stream: { histories: object[] } };
    const later = { history: { ...of(history).history, offset: 5, uid: 'other' } };
    const missing = 'the piece of the history before it did not arrive';
    expect(await send([image, later])).toMatchObject({ code: 400, message: `entry 1: ${missing}` });
    const bare = JSON.parse(JSON.stringify(stream).replaceAll('"web"', '"web3"'));
    const twin = 'another stream of this installation has its uid';
    expect(await send([bare])).toMatchObject({ code: 400, message: `entry 0: ${twin}` });
    bare.stream.object.metadata.uid = 'new';
    const incomplete = 'its histories did not arrive whole';
    expect(await send([bare])).toMatchObject({ code: 400, message: `entry 0: ${incomplete}` });
    expect(await send([{}])).toMatchObject({
      code: 400,
      message: expect.stringMatching(/^entry 0: /),
    });
  });

  it.each([
    ['/begin', {}, 'an import begins with archive, resourceVersion and fence'],
    [
      '/begin',
      { archive: ARCHIVE, resourceVersion: 1e13, fence: 1 },
      'an import begins with archive, resourceVersion and fence',
    ],
    [
      '/begin',
      { archive: ARCHIVE, resourceVersion: 1, fence: 2 ** 50 },
      'an import begins with archive, resourceVersion and fence',
    ],
    [
      '',
      { archive: 'x', existing: 'keep', entries: [] },
      'a batch has archive and at most 10000 entries',
    ],
    [
      '',
      { archive: ARCHIVE, existing: 'drop', entries: [] },
      'existing must be "keep" or "replace"',
    ],
    ['/existing', {}, 'streams must be a list of at most 1000 namespace/name'],
  ])('is refused at %s when it is %j', async (path, body, message) => {
    expect(await post(path, body)).toMatchObject({ code: 400, message });
  });
});
