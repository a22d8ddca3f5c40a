import { conflict, forbidden, methodNotAllowed, notFound } from '@tagtrail/apimachinery';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aStream, aTag } from '../../../../packages/image-stream/src/testing/a-stream.ts';
import { json, openScriptedApi, refuse, type ScriptedApi } from '../testing/scripted-api.ts';

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

const gone = refuse(404, notFound(resource));
const notAllowed = refuse(405, methodNotAllowed('no'));
const denied = refuse(403, forbidden('no'));
const lostRace = refuse(409, conflict(resource, 'changed'));

const GET = `GET ${STREAMS}/ruby`;

describe('tag -d DEST', () => {
  const DELETE = `DELETE ${TAGS}/ruby:tip`;
  const deleted = { exitCode: 0, stdout: 'Deleted tag demo/ruby:tip.\n', stderr: '' };
  const success = json(200, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' });
  const { metadata, ...rest } = aStream({ tags: [aTag({ name: 'tip' }), aTag({ name: 'z' })] });
  const stream = json(200, { ...rest, metadata: { ...metadata, name: 'ruby', namespace: 'demo' } });

  it('deletes the tag, and that is all', async () => {
    expect(await api.run('tag -d ruby:tip', success)).toEqual(deleted);
    expect(api.dialogue()).toEqual([DELETE]);
    expect(JSON.parse(api.requests[0]?.body ?? '')).toEqual({
      kind: 'DeleteOptions',
      apiVersion: 'image.openshift.io/v1',
    });
  });

  it('says that there is no such tag', async () => {
    expect(await api.run('tag -d ruby:tip', gone)).toEqual({
      exitCode: 1,
      stdout: '',
      stderr:
        'Error from server (NotFound): imagestreamtags.image.openshift.io "ruby:tip" not found\n',
    });
  });

  it.each([
    ['not allowed', notAllowed],
    ['forbidden', denied],
  ])('writes the stream without the tag where that is %s', async (_, refusal) => {
    expect(await api.run('tag -d ruby:tip', refusal, stream, stream)).toEqual(deleted);
    expect(api.dialogue()).toEqual([DELETE, GET, `PUT ${STREAMS}/ruby`]);
    const { spec } = JSON.parse(api.requests[2]?.body ?? '');
    expect(spec.tags.map(({ name }: { name: string }) => name)).toEqual(['z']);
  });

  it('is content when there is no stream', async () => {
    expect(await api.run('tag -d ruby:tip', notAllowed, gone)).toEqual({
      ...deleted,
      stdout: 'Image stream "ruby" does not exist.\n',
    });
  });

  it('is not content when the stream has no such tag', async () => {
    const other = json(200, aStream({ tags: [] }));
    expect(await api.run('tag -d ruby:tip', denied, other)).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: 'error: destination tag demo/ruby:tip does not exist.\n',
    });
  });

  it('begins anew after a lost race', async () => {
    expect(await api.run('tag -d ruby:tip', lostRace, success)).toEqual(deleted);
  });

  it('deletes several, wherever they are', async () => {
    expect((await api.run('tag -d ruby:a other/ruby:b', success)).stdout).toBe(
      'Deleted tag demo/ruby:a.\nDeleted tag other/ruby:b.\n',
    );
  });

  it('prints nothing but the answers when asked for objects', async () => {
    const { stdout } = await api.run('tag -d -o json ruby:a', success);
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'Status', status: 'Success' });
    expect((await api.run('tag -d -o json ruby:a', notAllowed, gone)).stdout).toBe('');
  });
});
