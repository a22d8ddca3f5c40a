import { notFound } from '@tagtrail/apimachinery';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { json, openScriptedApi, refuse, type ScriptedApi } from '../testing/scripted-api.ts';

let api: ScriptedApi;

beforeEach(async () => {
  api = await openScriptedApi();
});

afterEach(() => api[Symbol.asyncDispose]());

it('a tag without an image yet has no history, which is no error', async () => {
  const history = {
    kind: 'ImageStreamHistory',
    apiVersion: 'tagtrail.dev/v1',
    metadata: { name: 'web:latest', namespace: 'demo' },
    items: [],
  };
  expect(await api.run('history web', json(200, history))).toEqual({
    exitCode: 0,
    stdout: '',
    stderr: 'No history found for web:latest in demo namespace.\n',
  });
});

it('what has no history is named: the stream, or its tag', async () => {
  const resource = {
    group: 'tagtrail.dev',
    resource: 'imagestreamhistories',
    kind: 'x',
    name: 'y',
  };
  const gone = refuse(404, notFound(resource));
  const failed = (stderr: string) => ({ exitCode: 1, stdout: '', stderr });
  expect(await api.run('history nosuch:x', gone)).toEqual(
    failed('error: no image stream nosuch in namespace demo\n'),
  );
  expect(await api.run('history web:x', gone, json(200, { metadata: { name: 'web' } }))).toEqual(
    failed('error: image stream web in namespace demo has no tag x\n'),
  );
});
