import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aStream, digest } from '../testing/a-stream.ts';
import {
  IMPORTS_PATH,
  type ImportsForTest,
  imageFrom,
  openImportsForTest,
} from '../testing/open-imports-for-test.ts';

describe('requested imports are refused', () => {
  let api: ImportsForTest;

  beforeAll(async () => {
    api = await openImportsForTest();
    Object.assign(api.workers.registry, {
      'quay.io/acme/app:v1': { digest: digest('1') },
      'quay.io/acme/app:v2': { digest: digest('2') },
    });
  });

  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });

  it('when the request is not valid', async () => {
    const { code, answer } = await api.importTo('bad', { import: true });
    expect(code).toBe(422);
    expect(answer).toMatchObject({
      message:
        'ImageStreamImport.image.openshift.io "bad" is invalid: spec.images: Invalid value: null: you must specify at least one image or a repository import',
    });
  });

  it('when the namespace is another one, or can not be', async () => {
    const metadata = { namespace: 'other' };
    const { code } = await api.importTo('x', { images: [imageFrom('redis:7')] }, { metadata });
    expect(code).toBe(400);
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({
      metadata: { name: 'x' },
      spec: { images: [imageFrom('redis:7')] },
    });
    const path = IMPORTS_PATH.replace('shop', 'No');
    expect((await api.ask(path, { method: 'POST', headers, body })).code).toBe(404);
  });

  it('when the stream is not as the client saw it', async () => {
    await api.client.streams.create(aStream('versioned'));
    const current = (await api.read('versioned'))?.metadata.resourceVersion;
    const spec = { import: true, images: [imageFrom('quay.io/acme/app:v1')] };
    const stale = await api.importTo('versioned', spec, { metadata: { resourceVersion: '99' } });
    expect([stale.code, stale.answer['message']]).toEqual([
      409,
      `Operation cannot be fulfilled on imagestreams.image.openshift.io "versioned": the image stream was updated from "99" to "${current}"`,
    ]);
    const other = await api.importTo('versioned', spec, { metadata: { uid: 'another' } });
    expect([other.code, other.answer['message']]).toEqual([
      404,
      'imagestreams.image.openshift.io "versioned" not found',
    ]);
    const missing = await api.importTo('missing', spec, { metadata: { resourceVersion: '99' } });
    expect(missing.code).toBe(404);
    const fits = await api.importTo('versioned', spec, { metadata: { resourceVersion: current } });
    expect(fits.code).toBe(201);
  });

  it('when somebody edited a tag meanwhile', async () => {
    const message = 'the tag "v1" was changed while it was imported; look at it and import again';
    api.workers.registry['quay.io/acme/edited:v1'] = { kind: 'conflict', message };
    const images = [imageFrom('quay.io/acme/edited:v1'), imageFrom('quay.io/acme/silent:v1')];
    const { code, answer } = await api.importTo('edited', { images });
    expect([code, answer['reason']]).toEqual([409, 'Conflict']);
    expect(answer['message']).toContain(message);
    expect(api.requests.count).toBe(0);
  });

  it('when a stream would get too many tags', async () => {
    const sources = Object.fromEntries(
      Array.from({ length: 1000 }, (_, at) => [`t${at}`, 'quay.io/acme/app:v1']),
    );
    await api.client.streams.create(aStream('full', { sources }));
    const spec = { import: true, images: [imageFrom('quay.io/acme/app:v2')] };
    const { code, answer } = await api.importTo('full', spec);
    expect([code, answer['message']]).toEqual([
      422,
      expect.stringContaining('at most 1000 tags are allowed'),
    ]);
  });

  it('by every other method', async () => {
    const { code, headers } = await api.ask(IMPORTS_PATH);
    expect([code, headers.get('allow')]).toEqual([405, 'POST']);
  });

  it('when too many jobs wait for workers, after the number was read anew', async () => {
    api.workers.waiting = 10_000;
    const images = [imageFrom('quay.io/acme/app:v1')];
    await expect.poll(async () => (await api.importTo('queued', { images })).code).toBe(429);
  });
});

describe('requested imports that are not answered in time', () => {
  let api: ImportsForTest;

  beforeAll(async () => {
    api = await openImportsForTest({ TAGTRAIL_API_IMPORT_WAIT: '1s' });
    Object.assign(api.workers.registry, {
      'quay.io/acme/app:v1': { digest: digest('1') },
      'quay.io/acme/slow': { kind: 'listed', tags: ['v3'] },
    });
  });

  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });

  it('end with the names of the tags that are pending', async () => {
    const { code, answer } = await api.importTo('slow', {
      images: [imageFrom('quay.io/acme/app:v1'), imageFrom('quay.io/acme/slow:v2')],
      repository: imageFrom('quay.io/acme/slow'),
    });
    expect([code, answer['reason']]).toEqual([504, 'Timeout']);
    expect(answer['message']).toBe('Timeout: not imported within 1s: v2, v3; the import goes on');
    expect(api.requests.count).toBe(0);
  });

  it('end when the list of tags does not come', async () => {
    const { answer } = await api.importTo('slow', { repository: imageFrom('quay.io/acme/mute') });
    expect(answer['message']).toBe(
      'Timeout: not imported within 1s: the list of the tags of quay.io/acme/mute; the import goes on',
    );
  });

  it('end at once when the API stops', async () => {
    const opened = api.requests.opened();
    const asked = api.importTo('slow', { images: [imageFrom('quay.io/acme/slow:v2')] });
    await opened;
    await api.end();
    const { code, answer } = await asked;
    expect([code, answer['message']]).toEqual([503, 'this server is stopping; the import goes on']);
  });
});
