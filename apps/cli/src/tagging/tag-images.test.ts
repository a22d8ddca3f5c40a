import {
  alreadyExists,
  conflict,
  forbidden,
  methodNotAllowed,
  notFound,
} from '@tagtrail/apimachinery';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aStream, aTag, D1 } from '../../../../packages/image-stream/src/testing/a-stream.ts';
import {
  json,
  openScriptedApi,
  refuse,
  runCommand,
  type ScriptedApi,
} from '../testing/scripted-api.ts';

const TAGS = '/apis/image.openshift.io/v1/namespaces/demo/imagestreamtags';
const STREAMS = '/apis/image.openshift.io/v1/namespaces/demo/imagestreams';
const resource = {
  group: 'image.openshift.io',
  resource: 'imagestreamtags',
  kind: 'ImageStreamTag',
  name: 'ruby:tip',
};

let api: ScriptedApi;

beforeEach(async () => {
  api = await openScriptedApi();
});

afterEach(() => api[Symbol.asyncDispose]());

const ok = json(200, { kind: 'ImageStreamTag', metadata: { name: 'ruby:tip' } });
const gone = refuse(404, notFound(resource));
const notAllowed = refuse(405, methodNotAllowed('no'));
const denied = refuse(403, forbidden('no'));
const lostRace = refuse(409, conflict(resource, 'changed'));

const PUT = `PUT ${TAGS}/ruby:tip`;
const POST = `POST ${TAGS}`;
const GET = `GET ${STREAMS}/ruby`;
const line = 'Tag ruby:tip set to quay.io/acme/ruby:3.\n';
const done = { exitCode: 0, stdout: line, stderr: '' };

describe('tag SOURCE DEST', () => {
  it('puts the tag, and that is all', async () => {
    expect(
      await api.run('tag --scheduled=true docker.io/library/ruby:latest ruby:tip', ok),
    ).toEqual({
      ...done,
      stdout: 'Tag ruby:tip set to import docker.io/library/ruby:latest periodically.\n',
    });
    expect(api.dialogue()).toEqual([PUT]);
    const [request] = api.requests;
    expect(request?.headers).toMatchObject({
      authorization: 'Bearer t',
      'content-type': 'application/json',
    });
    expect(JSON.parse(request?.body ?? '')).toEqual({
      kind: 'ImageStreamTag',
      apiVersion: 'image.openshift.io/v1',
      metadata: { name: 'ruby:tip', namespace: 'demo' },
      tag: {
        name: 'tip',
        from: { kind: 'DockerImage', name: 'docker.io/library/ruby:latest' },
        generation: 0,
        importPolicy: { scheduled: true, importMode: 'Legacy' },
        referencePolicy: { type: 'Source' },
      },
    });
  });

  it.each([
    ['not found', gone],
    ['not allowed', notAllowed],
    ['forbidden', denied],
  ])('posts the same where a put is %s', async (_, refusal) => {
    expect(await api.run('tag quay.io/acme/ruby:3 ruby:tip', refusal, ok)).toEqual(done);
    expect(api.dialogue()).toEqual([PUT, POST]);
    expect(api.requests[1]?.body).toBe(api.requests[0]?.body);
  });

  it('writes the stream where tags cannot be written: a new one', async () => {
    const created = json(201, aStream({}));
    expect(
      await api.run('tag quay.io/acme/ruby:3 ruby:tip', notAllowed, denied, gone, created),
    ).toEqual(done);
    expect(api.dialogue()).toEqual([PUT, POST, GET, `POST ${STREAMS}`]);
    expect(JSON.parse(api.requests[3]?.body ?? '')).toMatchObject({
      metadata: { name: 'ruby', namespace: 'demo' },
      spec: { tags: [{ name: 'tip', from: { name: 'quay.io/acme/ruby:3' } }] },
    });
  });

  it.each([
    ['beside the others', [aTag({ name: 'old' })], ['old', 'tip']],
    ['in its place', [aTag({ name: 'tip' }), aTag({ name: 'z' })], ['tip', 'z']],
  ])('writes the stream where tags cannot be written: %s', async (_, tags, names) => {
    const { metadata, ...rest } = aStream({ tags });
    const stream = json(200, {
      ...rest,
      metadata: { ...metadata, name: 'ruby', namespace: 'demo' },
    });
    expect(
      await api.run('tag quay.io/acme/ruby:3 ruby:tip', denied, notAllowed, stream, stream),
    ).toEqual(done);
    expect(api.dialogue()).toEqual([PUT, POST, GET, `PUT ${STREAMS}/ruby`]);
    const { spec } = JSON.parse(api.requests[3]?.body ?? '');
    expect(spec.tags.map(({ name }: { name: string }) => name)).toEqual(names);
    expect(spec.tags.find(({ name }: { name: string }) => name === 'tip').from.name).toBe(
      'quay.io/acme/ruby:3',
    );
  });

  it('begins anew after a lost race, up to five times', async () => {
    expect(await api.run('tag quay.io/acme/ruby:3 ruby:tip', lostRace, gone, lostRace, ok)).toEqual(
      done,
    );
    expect(api.dialogue()).toEqual([PUT, PUT, POST, PUT]);
    const { exitCode, stdout, stderr } = await api.run(
      'tag quay.io/acme/ruby:3 ruby:tip',
      lostRace,
    );
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toBe(
      'Error from server (Conflict): Operation cannot be fulfilled on imagestreamtags.image.openshift.io "ruby:tip": changed\n',
    );
    expect(api.dialogue().slice(4)).toEqual([PUT, PUT, PUT, PUT, PUT]);
  });

  it.each([
    ['a put that is wrong', [refuse(409, alreadyExists(resource))], [PUT]],
    [
      'a post of what was created meanwhile',
      [gone, refuse(409, alreadyExists(resource))],
      [PUT, POST],
    ],
  ])('gives up at %s', async (_, script, requests) => {
    expect(await api.run('tag quay.io/acme/ruby:3 ruby:tip', ...script)).toEqual({
      exitCode: 1,
      stdout: '',
      stderr:
        'Error from server (AlreadyExists): imagestreamtags.image.openshift.io "ruby:tip" already exists\n',
    });
    expect(api.dialogue()).toEqual(requests);
  });

  it('looks up where a source tag points to, in the namespace of the source', async () => {
    const items = [{ created: '', dockerImageReference: `q/a@${D1}`, image: D1, generation: 1 }];
    const stream = json(200, aStream({ status: [{ tag: '3', items }] }));
    expect(await api.run('tag other/ruby:3 ruby:tip', stream, ok)).toEqual({
      ...done,
      stdout: `Tag ruby:tip set to other/ruby@${D1}.\n`,
    });
    expect(api.dialogue()).toEqual([
      'GET /apis/image.openshift.io/v1/namespaces/other/imagestreams/ruby',
      PUT,
    ]);
    expect(JSON.parse(api.requests[1]?.body ?? '').tag.from).toEqual({
      kind: 'ImageStreamImage',
      name: `ruby@${D1}`,
      namespace: 'other',
    });
  });

  describe('--alias', () => {
    const alias = (name: string, of: string) =>
      aTag({ name, from: { kind: 'ImageStreamTag', name: of } });
    const stream = (...tags: Parameters<typeof aStream>[0]['tags'] & object) =>
      json(200, aStream({ name: 'ruby', namespace: 'demo', tags }));
    const set = 'Tag ruby:tip set up to track ruby:3.\n';

    it('follows a tag that is there', async () => {
      const line = 'tag --alias ruby:3 ruby:tip';
      const done = { exitCode: 0, stdout: set, stderr: '' };
      expect(await api.run(line, stream(aTag({ name: '3' })), ok)).toEqual(done);
      expect(api.dialogue()).toEqual([GET, PUT]);
      expect(await api.run(line, denied, ok)).toEqual(done);
    });

    it('says that it follows a tag that is not there', async () => {
      const note = (tag: string) =>
        `note: there is no tag ruby:${tag} yet; what tracks it has no image until there is\n`;
      const line = 'tag --alias ruby:3 ruby:tip';
      expect(await api.run(line, stream(), ok)).toEqual({
        exitCode: 0,
        stdout: set,
        stderr: note('3'),
      });
      expect((await api.run(line, stream(alias('3', 'ruby:old')), ok)).stderr).toBe(note('old'));
      const missing = refuse(404, notFound({ ...resource, name: 'ruby' }));
      expect((await api.run(line, missing, ok)).stderr).toBe(note('3'));
    });

    it('refuses to follow itself before any request, and in a circle before any write', async () => {
      const problem = (tag: string) =>
        `error: cannot set up ruby:tip to track ruby:${tag}: it would lead back to itself\n`;
      expect((await api.run('tag --alias ruby:tip ruby:tip', ok)).stderr).toBe(problem('tip'));
      expect(api.dialogue()).toEqual([]);
      const circle = stream(alias('3', 'ruby:mid'), alias('mid', 'tip'));
      const { exitCode, stderr } = await api.run('tag --alias ruby:3 ruby:tip', circle, ok);
      expect([exitCode, stderr]).toEqual([1, problem('3')]);
      expect(api.dialogue()).toEqual([GET]);
    });
  });

  const trust =
    'note: only the import trusts quay.io without verified TLS: clients that pull from there must trust it themselves; --reference-policy=local spares them that only where Tagtrail has a registry to serve from (setting api.registryHostname)\n';

  it('says in a line who else must trust an insecure registry', async () => {
    const { stdout, stderr } = await api.run('tag --insecure quay.io/a/b ruby:tip ruby:b', ok);
    expect(stdout).toBe('Tag ruby:tip set to quay.io/a/b.\nTag ruby:b set to quay.io/a/b.\n');
    expect(stderr).toBe(trust);
  });

  it.each([
    '--insecure --reference-policy=local',
    '--insecure --reference',
    '--insecure=false',
    '--insecure -o name',
  ])('says nothing of trust with %s', async (flags) => {
    expect((await api.run(`tag ${flags} quay.io/a/b ruby:tip`, ok)).stderr).toBe('');
  });

  it('says that the source stream is not there', async () => {
    const missing = refuse(404, notFound({ ...resource, resource: 'imagestreams', name: 'ruby' }));
    expect((await api.run('tag ruby:3 perl:tip', missing)).stderr).toBe(
      'Error from server (NotFound): imagestreams.image.openshift.io "ruby" not found\n',
    );
  });

  it('tags several destinations in order and stops at the first that is refused', async () => {
    const { exitCode, stdout } = await api.run(
      'tag quay.io/acme/ruby:3 ruby:a ruby:b ruby:c',
      ok,
      lostRace,
    );
    expect([exitCode, stdout]).toEqual([1, 'Tag ruby:a set to quay.io/acme/ruby:3.\n']);
    expect(api.dialogue().at(-1)).toBe(`PUT ${TAGS}/ruby:b`);
  });

  it('prints what the server made of it when asked to', async () => {
    const { stdout } = await api.run('tag -o json quay.io/acme/ruby:3 ruby:a ruby:b', ok);
    expect(JSON.parse(stdout).items).toHaveLength(2);
    expect((await api.run('tag -o name quay.io/acme/ruby:3 ruby:a', ok)).stdout).toBe(
      'imagestreamtag.image.openshift.io/ruby:a\n',
    );
  });

  it.each([
    ['ruby:3', 'error: at least a destination is required\n', [GET]],
    ['ruby a/b/c:d', 'error: invalid image stream "a/b/c:d"\n', []],
    ['Ruby ruby:a', 'error: invalid SOURCE: repository name must be lowercase\n', []],
    ['ruby ruby:a ruby', 'error: "ruby" must be of the form <stream_name>:<tag>\n', []],
    [
      '--source=is ruby:1 ruby:2',
      `error: invalid source "is"; valid values are docker, dockerimage, imagestreamimage, imagestreamtag, isimage, istag
See 'tagtrail tag -h' for help and examples
`,
      [],
    ],
  ])('writes nothing when "tag %s" is wrong', async (args, stderr, requests) => {
    const items = [{ created: '', dockerImageReference: `q/a@${D1}`, image: D1, generation: 1 }];
    const stream = json(200, aStream({ status: [{ tag: '3', items }] }));
    expect(await api.run(`tag ${args}`, stream)).toEqual({ exitCode: 1, stdout: '', stderr });
    expect(api.dialogue()).toEqual(requests);
  });
});

it('says how it is used when nothing is given', async () => {
  expect(await runCommand(['tag'])).toEqual({
    exitCode: 1,
    stdout: '',
    stderr: `error: you must specify a source and at least one destination or one or more tags to delete
See 'tagtrail tag -h' for help and examples
`,
  });
});
