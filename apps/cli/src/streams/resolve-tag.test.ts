import type { TagEvent, TagReference } from '@tagtrail/image-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aStream, aTag, D1 } from '../../../../packages/image-stream/src/testing/a-stream.ts';
import { json, openScriptedApi, type ScriptedApi } from '../testing/scripted-api.ts';

let api: ScriptedApi;

beforeEach(async () => {
  api = await openScriptedApi();
});

afterEach(() => api[Symbol.asyncDispose]());

const items = [
  { created: '', dockerImageReference: `quay.io/acme/app@${D1}`, image: D1, generation: 1 },
];

/** Tag `latest` of a stream, imported at generation 1. */
function stream(generation: number, type: 'Source' | 'Local', repository = '') {
  const tags = [aTag({ generation, referencePolicy: { type } })];
  const base = aStream({ tags, status: [{ tag: 'latest', items }] });
  return { ...base, status: { ...base.status, dockerImageRepository: repository } };
}

const alias = (name: string, of: string) =>
  aTag({ name, from: { kind: 'ImageStreamTag', name: of } });

/** Tag `latest`, whose last import failed. */
function failed(tags: readonly TagReference[], known: readonly TagEvent[] | null = null) {
  const condition = {
    type: 'ImportSuccess',
    status: 'False',
    lastTransitionTime: '',
    reason: 'NotFound',
    message: 'gone',
    generation: 1,
  } as const;
  const status = [{ tag: 'latest', items: known, conditions: [condition] }];
  return aStream({ tags, status, namespace: 'demo' });
}

describe('resolve', () => {
  it('takes a namespace before the stream', async () => {
    const { exitCode } = await api.run('resolve other/app:latest', json(200, stream(1, 'Source')));
    expect([exitCode, api.dialogue()]).toEqual([
      0,
      ['GET /apis/image.openshift.io/v1/namespaces/other/imagestreams/app'],
    ]);
  });

  it('says beside the answer that it is as defined only, and why', async () => {
    const noted = (note: string) => ({
      exitCode: 0,
      stdout: 'quay.io/acme/app:latest\n',
      stderr: `note: app:latest has no image yet; this is its source as it is defined${note}\n`,
    });
    expect(await api.run('resolve app', json(200, aStream({})))).toEqual(noted(''));
    expect(await api.run('resolve app', json(200, failed([aTag()])))).toEqual(
      noted('; its import failed (NotFound): gone'),
    );
    const reference = aStream({ tags: [aTag({ reference: true })] });
    expect((await api.run('resolve app', json(200, reference))).stderr).toBe('');
  });

  it('says beside the answer that the last import failed', async () => {
    const { stderr } = await api.run('resolve app', json(200, failed([aTag()], items)));
    expect(stderr).toBe(
      'note: app:latest may have moved; this is the last image known; its import failed (NotFound): gone\n',
    );
  });

  it('prints what to pull, and nothing else', async () => {
    const done = { exitCode: 0, stdout: `quay.io/acme/app@${D1}\n`, stderr: '' };
    expect(await api.run('resolve app:latest', json(200, stream(1, 'Source')))).toEqual(done);
    expect(await api.run('resolve app', json(200, stream(1, 'Local')))).toEqual(done);
    expect(api.dialogue().at(-1)).toBe(
      'GET /apis/image.openshift.io/v1/namespaces/demo/imagestreams/app',
    );
  });

  it('leads through our own registry where the tag says so', async () => {
    const local = stream(1, 'Local', 'registry.test/demo/app');
    expect((await api.run('resolve app', json(200, local))).stdout).toBe(
      `registry.test/demo/app@${D1}\n`,
    );
  });

  it('says beside the answer that there is something newer', async () => {
    expect(await api.run('resolve app', json(200, stream(2, 'Source')))).toEqual({
      exitCode: 0,
      stdout: `quay.io/acme/app@${D1}\n`,
      stderr:
        'note: app:latest has a newer definition that is not imported yet; this is the last image known\n',
    });
  });

  it('says beside the answer that there is no image yet', async () => {
    const base = stream(1, 'Local', 'registry.test/demo/app');
    const empty = { ...base, status: { ...base.status, tags: [] } };
    expect(await api.run('resolve app', json(200, empty))).toEqual({
      exitCode: 0,
      stdout: 'registry.test/demo/app:latest\n',
      stderr: 'note: app:latest has no image yet; this is where it will be\n',
    });
  });

  it('answers in JSON', async () => {
    const { stdout } = await api.run('resolve app -o json', json(200, stream(2, 'Source')));
    expect(JSON.parse(stdout)).toEqual({
      namespace: 'demo',
      name: 'app',
      tag: 'latest',
      pullSpec: `quay.io/acme/app@${D1}`,
      hasNewer: true,
      isEmpty: false,
    });
  });

  it.each([
    [
      'app:old',
      stream(1, 'Source'),
      'cannot resolve app:old: the tag "old" does not exist on the image stream',
    ],
    [
      'app',
      aStream({ tags: [aTag({ referencePolicy: { type: 'Local' } })] }),
      'cannot resolve app:latest: it has no image yet',
    ],
    [
      'app:stable',
      aStream({ tags: [alias('stable', 'app:old')] }),
      'cannot resolve app:stable: it tracks the tag "old", which does not exist',
    ],
    [
      'app:a',
      aStream({ tags: [alias('a', 'app:b'), alias('b', 'app:a')] }),
      'cannot resolve app:a: the tags that it tracks lead in a circle',
    ],
    [
      'app:stable',
      failed([alias('stable', 'app:latest'), aTag()]),
      'cannot resolve app:stable: the import of the tag "latest", which it tracks, failed (NotFound): gone',
    ],
    [
      'app',
      failed([aTag({ referencePolicy: { type: 'Local' } })]),
      'cannot resolve app:latest: its import failed (NotFound): gone',
    ],
  ])('says why %s cannot be resolved', async (name, answer, problem) => {
    const { exitCode, stdout, stderr } = await api.run(`resolve ${name}`, json(200, answer));
    expect([exitCode, stdout, stderr]).toEqual([1, '', `error: ${problem}\n`]);
  });
});
