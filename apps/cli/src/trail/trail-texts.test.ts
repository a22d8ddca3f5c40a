import { afterEach, beforeEach, expect, it } from 'vitest';
import { json, openScriptedApi, type ScriptedApi } from '../testing/scripted-api.ts';

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
