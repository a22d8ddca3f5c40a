import { notFound } from '@tagtrail/apimachinery';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aStream, aTag, D1 } from '../../../../packages/image-stream/src/testing/a-stream.ts';
import { json, openScriptedApi, refuse, type ScriptedApi } from '../testing/scripted-api.ts';
import { describeImageStream } from './describe-image-stream.ts';
import { describeStreamTable } from './describe-stream-table.ts';
import { ago } from './field-lines.ts';

const GROUP = '/apis/image.openshift.io/v1';
// So old that its age is the same throughout the test.
const { metadata, ...rest } = aStream({ tags: [] });
const stream = { ...rest, metadata: { ...metadata, creationTimestamp: '1990-01-01T00:00:00Z' } };
const image = {
  metadata: { name: D1 },
  dockerImageReference: `quay.io/acme/app@${D1}`,
  dockerImageMetadata: { Size: 1000, Created: '1990-01-01T00:00:00Z' },
};
const gone = refuse(
  404,
  notFound({ group: 'image.openshift.io', resource: 'imagestreams', kind: '', name: 'b' }),
);

let api: ScriptedApi;

beforeEach(async () => {
  api = await openScriptedApi();
});

afterEach(() => api[Symbol.asyncDispose]());

describe('describe is', () => {
  it('prints the text of one stream', async () => {
    expect(await api.run('describe is a', json(200, stream))).toEqual({
      exitCode: 0,
      stdout: describeImageStream(stream, Date.now()),
      stderr: '',
    });
    expect(api.dialogue()).toEqual([`GET ${GROUP}/namespaces/demo/imagestreams/a`]);
  });

  describe('of a followed repository', () => {
    const spec = { lookupPolicy: { local: false }, dockerImageRepository: 'quay.io/acme/web' };
    const empty = { ...stream, spec };
    const listing = {
      tag: '*',
      attempts: 3,
      outcome: 'Unauthorized',
      message: 'access denied',
      lastChecked: '1990-01-01T00:00:00Z',
    };
    const checks = (fields: object) => json(200, { tags: [{ ...listing, ...fields }] });
    const described = describeImageStream(empty, Date.now());

    it('says below the text why there are no tags', async () => {
      expect(await api.run('describe is a', json(200, empty), checks({}))).toEqual({
        exitCode: 0,
        stdout: `${described}
  ! error: Listing quay.io/acme/web failed (Unauthorized): access denied
      ${ago(listing.lastChecked, Date.now())}
`,
        stderr: '',
      });
      expect(api.dialogue()).toEqual([
        `GET ${GROUP}/namespaces/demo/imagestreams/a`,
        'GET /apis/tagtrail.dev/v1/namespaces/acme/imagestreamchecks/app',
      ]);
    });

    it('says nothing where nothing failed, and where nobody may tell', async () => {
      for (const answer of [checks({ attempts: 0 }), json(200, { tags: [] }), gone]) {
        const { stdout } = await api.run('describe is a', json(200, empty), answer);
        expect(stdout).toBe(described);
      }
    });

    it('asks for no checks where there are tags', async () => {
      const full = { ...stream, spec: { ...spec, tags: [aTag({})] } };
      await api.run('describe is a', json(200, full));
      expect(api.requests).toHaveLength(1);
    });
  });

  it('parts several by two blank lines, and goes on after one that is not there', async () => {
    const one = json(200, stream);
    const { exitCode, stdout, stderr } = await api.run('describe is a b c', one, gone, one);
    const text = describeImageStream(stream, Date.now());
    expect(stdout).toBe(`${text}\n\n${text}`);
    expect([exitCode, stderr]).toEqual([
      1,
      'Error from server (NotFound): imagestreams.image.openshift.io "b" not found\n',
    ]);
  });

  it('describes all of them, as a table when asked to', async () => {
    const list = { kind: 'ImageStreamList', metadata: {}, items: [stream, stream] };
    const { stdout } = await api.run('describe is -A -l a=b --format=table', json(200, list));
    const text = describeStreamTable(stream, Date.now());
    expect(stdout).toBe(`${text}\n\n${text}`);
    const [request] = api.requests;
    expect(`${request?.url.pathname}${request?.url.search}`).toBe(
      `${GROUP}/imagestreams?labelSelector=a%3Db&limit=500`,
    );
  });

  it('takes an empty list for an answer', async () => {
    const list = { kind: 'ImageStreamList', metadata: {}, items: [] };
    expect(await api.run('describe is', json(200, list))).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: 'No resources found in demo namespace.\n',
    });
  });
});

describe('describe istag, isimage and image', () => {
  const tag = { kind: 'ImageStreamTag', metadata: { name: 'web:1', namespace: 'demo' }, image };

  it('shows the image of a tag by its digest', async () => {
    const { stdout } = await api.run('describe istag web:1', json(200, tag));
    expect(stdout.split('\n').slice(0, 4)).toEqual([
      `Image Name:\t${D1}`,
      `Docker Image:\tquay.io/acme/app@${D1}`,
      `Name:\t\t${D1}`,
      'Layer Size:\t1kB',
    ]);
    expect(api.dialogue()).toEqual([`GET ${GROUP}/namespaces/demo/imagestreamtags/web:1`]);
  });

  it('reads each tag of a list, wherever the list goes on', async () => {
    const page = { kind: 'ImageStreamTagList', items: [tag] };
    const { exitCode } = await api.run(
      'describe istag',
      json(200, { ...page, metadata: { continue: 'more' } }),
      json(200, { ...page, metadata: {} }),
      json(200, tag),
    );
    expect(exitCode).toBe(0);
    expect(api.requests.map(({ url }) => url.search)).toEqual([
      '?limit=500',
      '?limit=500&continue=more',
      '',
      '',
    ]);
  });

  it("shows a tag's own rows of its stream's table", async () => {
    const tags = ['1', '2'].map((name) => aTag({ name }));
    const whole = aStream({ tags, status: [{ tag: '1', items: [] }] });
    const one = aStream({ tags: tags.slice(1), status: [] });
    const script = [json(200, tag), json(200, whole)];
    const { stdout } = await api.run('describe istag web:2 --format=table', ...script);
    expect(stdout).toBe(describeStreamTable(one, Date.now()));
    expect(stdout).toContain('\n2\t');
    expect(api.dialogue()).toEqual([
      `GET ${GROUP}/namespaces/demo/imagestreamtags/web:2`,
      `GET ${GROUP}/namespaces/demo/imagestreams/web`,
    ]);
  });

  it('says that a tag has no image', async () => {
    const { exitCode, stderr } = await api.run(
      'describe istag web:1',
      json(200, { ...tag, image: null }),
    );
    expect([exitCode, stderr]).toEqual([1, 'error: the server knows no image of web:1\n']);
  });

  it.each([
    [
      'isimage',
      `web@${D1}`,
      `namespaces/demo/imagestreamimages/web@${D1}`,
      { image },
      'Image Name:',
    ],
    ['image', D1, `images/${D1}`, image, 'Docker Image:'],
  ])('shows an %s', async (kind, name, path, answer, first) => {
    const { stdout } = await api.run(`describe ${kind} ${name}`, json(200, answer));
    expect(stdout.startsWith(first)).toBe(true);
    expect(api.dialogue()).toEqual([`GET ${GROUP}/${path}`]);
  });

  it.each([
    ['istag web', 'expected exactly one : delimiter in the istag "web"'],
    [
      'isimage web@sha256:1 --format=table',
      'only image streams and their tags have --format=table',
    ],
    ['isimage', 'there is no list of isimage: name them (STREAM@DIGEST)'],
    ['image', 'there is no list of image: name them (DIGEST)'],
    ['image -l a=b', 'image have no labels: leave out -l'],
    ['is web -A', 'a name belongs to one namespace: leave out -A'],
    ['is web -l a=b', 'give either names or -l, not both'],
    ['checks', 'checks have no description; see `tagtrail get checks -o wide`'],
    ['secret regcred', 'secrets have no description; see `tagtrail get secrets`'],
    ['token ci', 'access tokens have no description; see `tagtrail get tokens -o wide`'],
  ])('refuses "describe %s" before any request', async (line, problem) => {
    const { exitCode, stderr } = await api.run(`describe ${line}`);
    expect([exitCode, stderr]).toEqual([1, `error: ${problem}\n`]);
    expect(api.requests).toEqual([]);
  });
});
