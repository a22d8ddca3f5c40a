import { notFound } from '@tagtrail/apimachinery';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type Answer,
  json,
  openScriptedApi,
  refuse,
  type ScriptedApi,
} from '../testing/scripted-api.ts';

const GROUP = '/apis/image.openshift.io/v1';
const image = { metadata: { name: 'sha256:1' }, dockerImageReference: 'quay.io/a/b@sha256:1' };
const tag = { kind: 'ImageStreamTag', metadata: { name: 'web:1', namespace: 'demo' }, image };
const list = { kind: 'ImageStreamTagList', metadata: {}, items: [tag] };

let api: ScriptedApi;

beforeEach(async () => {
  api = await openScriptedApi();
});

afterEach(() => api[Symbol.asyncDispose]());

describe('get', () => {
  it('lists the tags of a namespace', async () => {
    const { stdout } = await api.run('get istag', json(200, list));
    expect(stdout).toBe('NAME    IMAGE REFERENCE        UPDATED\nweb:1   quay.io/a/b@sha256:1\n');
    expect(api.dialogue()).toEqual([`GET ${GROUP}/namespaces/demo/imagestreamtags`]);
  });

  it('lists the tags of all namespaces, by labels', async () => {
    expect((await api.run('get istag -A -l a=b -o name', json(200, list))).stdout).toBe(
      'imagestreamtag.image.openshift.io/web:1\n',
    );
    expect(api.requests[0]?.url.search).toBe('?limit=500&labelSelector=a%3Db');
    expect(api.dialogue()).toEqual([`GET ${GROUP}/imagestreamtags`]);
  });

  it.each([
    ['istag web:1', 'namespaces/demo/imagestreamtags/web:1', tag],
    ['isimage web@sha256:1', 'namespaces/demo/imagestreamimages/web@sha256:1', { ...tag, image }],
    ['image/sha256:1', 'images/sha256:1', image],
  ])('prints %s as it is', async (line, path, object) => {
    const { stdout } = await api.run(`get ${line} -o json`, json(200, object));
    expect(JSON.parse(stdout)).toEqual(object);
    expect(api.dialogue()).toEqual([`GET ${GROUP}/${path}`]);
    expect((await api.run(`get ${line}`, json(200, object))).stdout).toMatch(/^NAME /u);
  });

  it('shows what is there of what is named, and then names what is not', async () => {
    const resource = {
      group: 'image.openshift.io',
      resource: 'imagestreamtags',
      kind: 'ImageStreamTag',
      name: 'nosuch:1',
    };
    const byName: Answer = (response, request) => {
      const isThere = request.url.pathname.endsWith('web:1');
      const answer = isThere ? json(200, tag) : refuse(404, notFound(resource));
      return answer(response, request);
    };
    const problem =
      'Error from server (NotFound): imagestreamtags.image.openshift.io "nosuch:1" not found\n';
    expect(await api.run('get istag nosuch:1 web:1', byName)).toEqual({
      exitCode: 1,
      stdout: 'NAME    IMAGE REFERENCE        UPDATED\nweb:1   quay.io/a/b@sha256:1\n',
      stderr: problem,
    });
    expect(await api.run('get istag nosuch:1 -o json', byName)).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: problem,
    });
  });

  it('names the stream whose checks there are not', async () => {
    const resource = {
      group: 'tagtrail.dev',
      resource: 'imagestreamchecks',
      kind: 'ImageStreamCheck',
      name: 'nosuch',
    };
    expect(await api.run('get checks nosuch', refuse(404, notFound(resource)))).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: 'error: no image stream nosuch in namespace demo\n',
    });
  });

  it('takes an empty list of tags for an answer', async () => {
    const { exitCode, stderr } = await api.run('get istag', json(200, { ...list, items: [] }));
    expect([exitCode, stderr]).toEqual([0, 'No resources found in demo namespace.\n']);
  });

  it.each([
    ['istag -w', 'istag cannot be watched; `tagtrail watch` shows moves'],
    ['checks -w', 'checks cannot be watched; `tagtrail watch` shows moves'],
    ['checks web:1', '"web:1" is a tag: name the stream, `tagtrail get checks web`'],
    ['checks -l a=b', 'checks have no labels: leave out -l'],
    ['isimage', 'there is no list of isimage: name them (STREAM@DIGEST)'],
    ['is a b -w', 'watch one name, or all: leave out names or -w'],
  ])('refuses "get %s" before any request', async (line, problem) => {
    const { exitCode, stderr } = await api.run(`get ${line}`);
    expect([exitCode, stderr]).toEqual([1, `error: ${problem}\n`]);
    expect(api.requests).toEqual([]);
  });
});

describe('delete istag', () => {
  it('deletes tags by name', async () => {
    const status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' };
    expect((await api.run('delete istag web:1 web:2', json(200, status))).stdout).toBe(
      'imagestreamtag.image.openshift.io "web:1" deleted\nimagestreamtag.image.openshift.io "web:2" deleted\n',
    );
    expect(api.dialogue()).toEqual([
      `DELETE ${GROUP}/namespaces/demo/imagestreamtags/web:1`,
      `DELETE ${GROUP}/namespaces/demo/imagestreamtags/web:2`,
    ]);
  });

  it('deletes nothing else', async () => {
    expect((await api.run('delete image sha256:1')).stderr).toBe(
      'error: only image streams, their tags, secrets and access tokens can be deleted\n',
    );
  });
});
