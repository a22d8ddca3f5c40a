import { serviceUnavailable } from '@tagtrail/apimachinery';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { json, openScriptedApi, refuse, type ScriptedApi } from '../testing/scripted-api.ts';
import { anOverview } from './testing/an-overview.ts';

const NO_WORKER = {
  about: 'worker',
  problem: 'no worker is running',
  remedy: 'start one: tagtrail worker',
};

let api: ScriptedApi;
beforeAll(async () => {
  api = await openScriptedApi();
});
afterAll(() => api[Symbol.asyncDispose]());

describe('status', () => {
  it('answers 0 when all is well', async () => {
    const { exitCode, stdout, stderr } = await api.run('status', json(200, anOverview()));
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('everything is looked at in time');
    expect(api.dialogue().at(-1)).toBe('GET /apis/tagtrail.dev/v1/overview');
  });

  it('answers 3 when something is not, in every format', async () => {
    const unwell = anOverview({ missing: ['worker'], problems: [NO_WORKER] });
    expect((await api.run('status', json(200, unwell))).exitCode).toBe(3);
    const { exitCode, stdout } = await api.run('status -o json', json(200, unwell));
    expect([exitCode, JSON.parse(stdout)]).toEqual([3, unwell]);
    expect((await api.run('status -o yaml', json(200, unwell))).stdout).toContain(
      'missing:\n  - worker\n',
    );
  });

  it('answers 1 when the API cannot be asked', async () => {
    const away = refuse(503, serviceUnavailable('the queue does not answer', 2));
    expect(await api.run('status', away)).toMatchObject({
      exitCode: 1,
      stdout: '',
      stderr: expect.stringContaining('the queue does not answer'),
    });
    expect((await api.run('status -w', away)).exitCode).toBe(1);
  });

  it('says so when the API is an older one', async () => {
    const { exitCode, stderr } = await api.run('status', json(200, { kind: 'Something' }));
    expect(exitCode).toBe(1);
    expect(stderr).toBe(
      'Error from server (ServiceUnavailable): the API answered an overview without at; is it of another version?\n',
    );
  });
});
