import { hash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  checkSet,
  checkTagList,
  NAMESPACE,
  referrersIn,
  repositoryOf,
} from './conformance-checks.ts';
import { ask, type ClientReply, type Place } from './conformance-client.ts';
import { BLOB_SETS, CONFORMANCE_SETS, type ConformanceSet, LISTED } from './conformance-data.ts';
import { followContent, importSets } from './conformance-surroundings.ts';
import { type ContentServer, openContentServer } from './content-server.ts';
import { openPulling, type Pulling, startRegistry } from './pulling.ts';

const SETS = [...CONFORMANCE_SETS, ...BLOB_SETS, LISTED];
const UNKNOWN = hash('sha256', 'nobody has this', 'hex');

let pulling: Pulling;
let upstream: ContentServer;
let place: Place;
const here = () => place;

beforeAll(async () => {
  [pulling, upstream] = await Promise.all([openPulling(), openContentServer()]);
  const { tagtrail, registry } = pulling;
  place = { url: registry.url, token: tagtrail.token };
  await importSets(tagtrail, upstream, SETS);
  const empty = { namespace: NAMESPACE, name: 'empty', host: upstream.host, tags: {} };
  await followContent(tagtrail, empty);
});
afterAll(async () => {
  await pulling?.[Symbol.asyncDispose]();
  await upstream?.[Symbol.asyncDispose]();
});

const errorOf = ({ status, body }: ClientReply) =>
  `${status} ${(JSON.parse(body.toString()) as { errors: { code: string }[] }).errors[0]?.code}`;

/** Everything that is served, in the suite's order. */
function checkAll(): void {
  it('ping', async () => {
    const reply = await ask(place, 'GET', '/v2/');
    expect([reply.status, reply.body.toString()]).toEqual([200, '{}']);
    expect(reply.headers['docker-distribution-api-version']).toBe('registry/2.0');
  });
  describe('empty', () => checkEmpty());
  describe.each(BLOB_SETS)('$algorithm blobs', (set) => checkBlobs(set));
  describe('tag list', () => checkTagList(LISTED, here));
  describe.each(CONFORMANCE_SETS)('$name', (set) => checkSet(set, here));
  describe('manifest errors', () => checkManifestErrors());
}

function checkEmpty(): void {
  it('tag list', async () => {
    const reply = await ask(place, 'GET', `/v2/${NAMESPACE}/empty/tags/list`);
    expect(JSON.parse(reply.body.toString())).toEqual({ name: `${NAMESPACE}/empty`, tags: [] });
  });

  it('referrers', async () => {
    const path = `/v2/${NAMESPACE}/empty/referrers/sha256:${UNKNOWN}`;
    expect(referrersIn(await ask(place, 'GET', path))).toEqual([]);
  });
}

function checkBlobs(set: ConformanceSet & { readonly algorithm: string }): void {
  const path = `${repositoryOf(set)}/blobs`;
  const [[large, bytes] = ['', Buffer.alloc(0)]] = [...set.content.blobs];

  it('get-missing', async () => {
    const digest = `${set.algorithm}:${hash(set.algorithm, 'nobody has this', 'hex')}`;
    expect(errorOf(await ask(place, 'GET', `${path}/${digest}`))).toBe('404 BLOB_UNKNOWN');
  });

  it.each([
    ['500-1499', 500, 1499],
    ['500-', 500, 2047],
    ['-500', 1548, 2047],
    ['2000-5000', 2000, 2047],
  ])('range requests / %s', async (range, start, end) => {
    const reply = await ask(place, 'GET', `${path}/${large}`, { range: `bytes=${range}` });
    const { 'content-length': length, 'content-range': sent } = reply.headers;
    const expected = [206, String(end - start + 1), `bytes ${start}-${end}/2048`];
    expect([reply.status, length, sent]).toEqual(expected);
    expect(reply.body.equals(bytes.subarray(start, end + 1))).toBe(true);
  });

  it.each(['500-0', '5000-10000'])('range requests / %s', async (range) => {
    const reply = await ask(place, 'GET', `${path}/${large}`, { range: `bytes=${range}` });
    expect([reply.status, reply.headers['content-range']]).toEqual([416, 'bytes */2048']);
  });

  it.each([
    ['zero-byte', ''],
    ['{}', '{}'],
  ])('blob data / %s', async (_, text) => {
    const digest = `${set.algorithm}:${hash(set.algorithm, text, 'hex')}`;
    for (const method of ['GET', 'HEAD']) {
      const reply = await ask(place, method, `${path}/${digest}`);
      expect([reply.status, reply.headers['content-length']]).toEqual([200, String(text.length)]);
      expect(reply.body.toString()).toBe(method === 'GET' ? text : '');
    }
  });

  checkSet(set, here);
}

function checkManifestErrors(): void {
  const path = `/v2/${NAMESPACE}/image/manifests`;

  it.each([
    ['missing-manifest by-digest', `sha256:${UNKNOWN}`, '404 MANIFEST_UNKNOWN'],
    ['missing-manifest by-tag', 'missing', '404 MANIFEST_UNKNOWN'],
    ['invalid-digest-format', 'sha256:baddigeststring', '400 DIGEST_INVALID'],
  ])('%s', async (_, reference, expected) => {
    expect(errorOf(await ask(place, 'GET', `${path}/${reference}`))).toBe(expected);
    expect((await ask(place, 'HEAD', `${path}/${reference}`)).status).toBe(
      Number(expected.slice(0, 3)),
    );
  });
}

describe('the OCI conformance suite', () => {
  checkAll();
});

describe('the OCI conformance suite, upstream away and the registry started anew', () => {
  beforeAll(async () => {
    upstream.setAway('hangs-up');
    upstream.clearRequests();
    await pulling.registry.app.stop();
    const { url } = await startRegistry(pulling.tagtrail, pulling.registry.folder);
    place = { ...place, url };
  });

  it('has the blobs of a referrer whose manifest another registry gave out', async () => {
    const set = CONFORMANCE_SETS.find(({ name }) => name === 'Artifacts with Subject');
    const tagged = new Set(set?.content.tags.values());
    const untagged = [...(set?.content.manifests ?? [])].filter(([digest]) => !tagged.has(digest));
    const layers = untagged.flatMap(([, { bytes }]) => JSON.parse(bytes.toString()).layers);
    expect(layers).toHaveLength(2);
    for (const { digest } of layers) {
      const path = `/v2/${NAMESPACE}/artifacts-with-subject/blobs/${digest}`;
      expect((await ask(place, 'GET', path)).status).toBe(200);
    }
  });

  checkAll();

  it('asks upstream for no blob', () => {
    expect(upstream.requests.filter(({ path }) => path.includes('/blobs/'))).toEqual([]);
  });
});
