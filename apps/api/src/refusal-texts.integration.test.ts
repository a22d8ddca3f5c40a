import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anEvent, aStream, moveTag } from './testing/a-stream.ts';
import { imageDocument } from './testing/an-image.ts';
import { type ApiForTest, openApiForTest } from './testing/open-api-for-test.ts';

const SHOP = '/apis/image.openshift.io/v1/namespaces/shop';
const STREAMS = `${SHOP}/imagestreams`;
const TAGS = `${SHOP}/imagestreamtags`;
const IMPORTS = `${SHOP}/imagestreamimports`;
const HISTORY = '/apis/tagtrail.dev/v1/namespaces/shop/imagestreamhistories';
const TABLE = 'application/json;as=Table;g=meta.k8s.io;v=v1';

const OPTIONS = 'ListOptions.meta.k8s.io "" is invalid';
const OTHER_NAMESPACE =
  'the namespace of the provided object (other) does not match the namespace sent on the request (shop)';
const OTHER_UID =
  'Operation cannot be fulfilled on imagestreams.image.openshift.io "web": Precondition failed: UID in precondition: u9, UID in object meta: ';
const VERSIONED = 'resourceVersion should not be set on objects to be created';

const metadata = (fields: object) => ({ metadata: fields });

describe('a request that can not be done is told', () => {
  let api: ApiForTest;

  beforeAll(async () => {
    api = await openApiForTest();
    await api.client.streams.create(
      aStream('web', { sources: { latest: 'quay.io/acme/web:latest' } }),
    );
    const key = { namespace: 'shop', name: 'web', tag: 'latest' };
    await moveTag(api.store, key, anEvent(), imageDocument);
  });

  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });

  it.each<[code: number, message: string, path: string]>([
    [400, 'limit must be a whole number, not "ten"', `${STREAMS}?limit=ten`],
    [
      400,
      'unable to parse labelSelector: unable to parse requirement: can\'t understand "="',
      `${STREAMS}?labelSelector==`,
    ],
    [
      400,
      'field label not supported: spec.tags; supported are metadata.name, metadata.namespace, spec.dockerImageRepository, status.dockerImageRepository',
      `${STREAMS}?fieldSelector=spec.tags=x`,
    ],
    [
      422,
      `${OPTIONS}: sendInitialEvents: Forbidden: sendInitialEvents is only for a watch`,
      `${STREAMS}?sendInitialEvents=true`,
    ],
    [
      422,
      `${OPTIONS}: resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan`,
      `${STREAMS}?watch=1&sendInitialEvents=true`,
    ],
    [
      504,
      'Timeout: Too large resource version: 99999, current: ',
      `${STREAMS}?resourceVersion=99999`,
    ],
    [
      410,
      'resource version 1 is not kept, the current one is ',
      `${STREAMS}?resourceVersion=1&resourceVersionMatch=Exact`,
    ],
    [410, 'resource version 99999 is newer than the current one, ', watchFrom('99999')],
    [400, 'the continue token is not valid', `${STREAMS}?continue=invented`],
    [400, 'the continue token is not valid', `${HISTORY}/web:latest?continue=invented`],
    [
      410,
      'the history has changed too much since the last page; read it anew',
      `${HISTORY}/web:latest?continue=${historyToken('another-uid')}`,
    ],
    [400, 'includeObject must be None, Metadata or Object', `${STREAMS}?includeObject=All`],
    [405, 'imagestreamtags can not be watched; watch imagestreams', `${TAGS}?watch=true`],
    [
      400,
      'imagestreamtags can not be selected by fields',
      `${TAGS}?fieldSelector=metadata.name=web`,
    ],
    [400, 'ImageStreamTags must be retrieved with <name>:<tag>', `${TAGS}/web`],
    [
      400,
      'ImageStreamImages must be retrieved with <name>@<id>',
      `${SHOP}/imagestreamimages/web:latest`,
    ],
  ])('%i: %s', async (code, message, path) => {
    const headers = { accept: path.includes('includeObject') ? TABLE : 'application/json' };
    const { answer } = await api.ask(path, { headers });
    expect(answer).toMatchObject({ kind: 'Status', code });
    expect(answer['message']).toContain(message);
  });

  it.each<[code: number, message: string, method: string, path: string, body: object]>([
    [400, OTHER_NAMESPACE, 'POST', STREAMS, metadata({ name: 'a', namespace: 'other' })],
    [400, OTHER_NAMESPACE, 'POST', TAGS, metadata({ name: 'a:b', namespace: 'other' })],
    [400, OTHER_NAMESPACE, 'POST', IMPORTS, metadata({ name: 'a', namespace: 'other' })],
    [400, VERSIONED, 'POST', STREAMS, metadata({ name: 'a', resourceVersion: '1' })],
    [400, VERSIONED, 'POST', TAGS, metadata({ name: 'a:b', resourceVersion: '1' })],
    [
      422,
      'metadata.generateName: Forbidden: generateName is not supported, give the stream a name',
      'POST',
      STREAMS,
      metadata({ generateName: 'a-' }),
    ],
    [
      422,
      'Options.meta.k8s.io "" is invalid: dryRun: Unsupported value: "Some": supported values: "All"',
      'POST',
      `${STREAMS}?dryRun=Some`,
      metadata({ name: 'a' }),
    ],
    [400, 'name must be provided', 'PUT', `${STREAMS}/web`, metadata({})],
    [400, 'name must be provided', 'PUT', `${TAGS}/web:latest`, metadata({})],
    [
      400,
      'the name of the object (a) does not match the name on the URL (web)',
      'PUT',
      `${STREAMS}/web`,
      metadata({ name: 'a' }),
    ],
    [
      400,
      'the name of the object (a:b) does not match the name on the URL (web:latest)',
      'PUT',
      `${TAGS}/web:latest`,
      metadata({ name: 'a:b' }),
    ],
    [
      422,
      'metadata.resourceVersion: must be specified for an update',
      'PUT',
      `${STREAMS}/web`,
      metadata({ name: 'web' }),
    ],
    [
      400,
      'the tag "new" is not defined: the object has no tag',
      'PUT',
      `${TAGS}/web:new`,
      metadata({ name: 'web:new' }),
    ],
    [
      409,
      OTHER_UID,
      'PUT',
      `${STREAMS}/web`,
      metadata({ name: 'web', uid: 'u9', resourceVersion: '1' }),
    ],
    [409, OTHER_UID, 'DELETE', `${STREAMS}/web`, { preconditions: { uid: 'u9' } }],
    [
      400,
      'the body of a deletion must be DeleteOptions',
      'DELETE',
      `${STREAMS}/web`,
      { kind: 'Pod' },
    ],
    [400, 'dryRun must be a list', 'DELETE', `${STREAMS}/web`, { dryRun: 'All' }],
    [400, 'preconditions must be an object', 'DELETE', `${STREAMS}/web`, { preconditions: 'u1' }],
    [
      400,
      'preconditions.uid must be a text',
      'DELETE',
      `${STREAMS}/web`,
      { preconditions: { uid: 1 } },
    ],
  ])('%i: %s (%s %s)', async (code, message, method, path, body) => {
    const headers = { 'content-type': 'application/json' };
    const { answer } = await api.ask(path, { method, headers, body: JSON.stringify(body) });
    expect(answer).toMatchObject({ kind: 'Status', code });
    expect(answer['message']).toContain(message);
  });

  it('which representations there are', async () => {
    const { code, answer } = await api.ask(STREAMS, { headers: { accept: 'application/yaml' } });
    expect([code, answer['message']]).toEqual([
      406,
      'only the following media types are accepted: application/json, application/json;as=Table;g=meta.k8s.io;v=v1, application/json;as=Table;g=meta.k8s.io;v=v1beta1',
    ]);
  });

  it('nothing but a warning when all tags of a stream may be imported insecurely', async () => {
    const annotations = { 'openshift.io/image.insecureRepository': 'true' };
    const { code, headers } = await api.ask(STREAMS, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(metadata({ name: 'lax', annotations })),
    });
    expect([code, headers.get('warning')]).toEqual([
      201,
      '299 - "the annotation openshift.io/image.insecureRepository lets all tags of this stream be imported over unverified TLS or plain HTTP; prefer importPolicy.insecure on the single tags that need it"',
    ]);
  });

  it.each([
    [
      STREAMS,
      [
        'Name of the image stream, unique in its namespace.',
        'Where the images of the stream can be pulled from.',
        'Tags with the newest image first.',
        'How long ago a tag of the stream last moved.',
        'Whether what is recorded can be believed to be what the registry has now.',
      ],
    ],
    [
      TAGS,
      [
        'Stream and tag.',
        'Where the image can be pulled from.',
        'How long ago the tag got the image.',
        'Digest of the image.',
        'Whether what is recorded can be believed to be what the registry has now.',
      ],
    ],
    [
      `${SHOP}/imagestreamimages/web@sha256:11111`,
      [
        'Stream and image.',
        'How long ago the tag got the image.',
        'Where the image can be pulled from.',
        'Digest of the image.',
      ],
    ],
  ])('what the columns of a table mean (%s)', async (path, descriptions) => {
    const { answer } = await api.ask(path, { headers: { accept: TABLE } });
    const columns = answer['columnDefinitions'] as readonly { description: string }[];
    expect(columns.map(({ description }) => description)).toEqual(descriptions);
  });
});

function watchFrom(resourceVersion: string): string {
  return `${STREAMS}?watch=true&resourceVersion=${resourceVersion}`;
}

/** Where a page ended, in the history of another stream of the same name. */
function historyToken(uid: string): string {
  return Buffer.from(JSON.stringify({ uid, offset: 1, last: 'x' })).toString('base64url');
}
