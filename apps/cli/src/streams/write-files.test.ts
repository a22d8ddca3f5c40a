import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { alreadyExists, fieldInvalid, invalid } from '@tagtrail/apimachinery';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aStream } from '../../../../packages/image-stream/src/testing/a-stream.ts';
import {
  type Answer,
  json,
  openScriptedApi,
  refuse,
  type ScriptedApi,
} from '../testing/scripted-api.ts';

const resource = {
  group: 'image.openshift.io',
  resource: 'imagestreams',
  kind: 'ImageStream',
  name: 'web',
};
const good = (name: string) => `kind: ImageStream\nmetadata: {name: ${name}}\n`;
const bad = 'kind: ImageStream\nmetadata: {name: bad, spec: {}}\n';
const problem = 'document 2, line 5: unknown field metadata.spec; did you mean spec?';

let api: ScriptedApi;
let file = '';

beforeEach(async () => {
  api = await openScriptedApi();
  file = join(mkdtempSync(join(tmpdir(), 'tagtrail-cli-')), 'f.yaml');
});

afterEach(async () => {
  rmSync(join(file, '..'), { recursive: true, force: true });
  await api[Symbol.asyncDispose]();
});

function run(command: string, content: string, ...script: Answer[]) {
  writeFileSync(file, content);
  return api.run(`${command} -f ${file}`, ...script);
}

const created = json(201, aStream({}));

describe.each(['create', 'apply'])('%s -f', (command) => {
  it('sends nothing of a file with a mistake in it, and says how to send the rest', async () => {
    expect(await run(command, `${good('a')}---\n${bad}---\n${good('c')}`)).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `error: ${file}: ${problem}\nnothing was sent; --keep-going sends what has no mistake in it\n`,
    });
    expect(api.requests).toEqual([]);
  });

  it('says no more than the mistake when nothing else is there', async () => {
    const { exitCode, stderr } = await run(command, '- 1');
    expect([exitCode, stderr]).toEqual([
      1,
      `error: ${file}: document 1, line 1: is not an object; a definition begins with "kind: ImageStream"\n`,
    ]);
  });

  it('sends the rest when told to keep going, and fails nevertheless', async () => {
    const text = `${good('a')}---\n${bad}---\n${good('c')}---\na: b: c\n`;
    const { exitCode, stdout, stderr } = await run(`${command} --keep-going`, text, created);
    expect(exitCode).toBe(1);
    expect(stdout.split('\n')).toHaveLength(3);
    expect(stderr).toBe(
      `error: ${file}: ${problem}\nerror: ${file}: document 4, line 10: Nested mappings are not allowed in compact mappings; a value with ": " in it needs quotes\n`,
    );
  });

  it('refuses a namespace that -n contradicts, or that can be none', async () => {
    const text = 'kind: ImageStream\nmetadata:\n  name: a\n  namespace: other\n';
    expect((await run(command, text)).stderr).toBe(
      `error: ${file}: document 1, line 4: metadata.namespace: "other" is not the namespace of -n "demo"\n`,
    );
    expect(api.requests).toEqual([]);
  });
});

describe('a refusal of the API', () => {
  it('is placed in the file: at the field that it is about', async () => {
    const name = `${good('web')}spec:\n  tags:\n  - name: a\n  - name: b\n    from: {kind: DockerImage, name: q/a}\n`;
    const cause = fieldInvalid('spec.tags[b].from.name', 'q/a', 'is not allowed');
    const { stdout, stderr } = await run('create', name, refuse(422, invalid(resource, [cause])));
    expect([stdout, stderr]).toEqual([
      '',
      `Error from server (Invalid): ImageStream.image.openshift.io "web" is invalid: spec.tags[b].from.name: Invalid value: "q/a": is not allowed (${file}: document 1, line 7)\n`,
    ]);
  });

  it('is placed in the file: where the object begins, and keeps no other from being sent', async () => {
    const exists = refuse(409, alreadyExists(resource));
    const text = `${good('web')}---\n${good('app')}`;
    const { exitCode, stdout, stderr } = await run('create', text, exists, created);
    expect([exitCode, stdout]).toEqual([1, 'imagestream.image.openshift.io/app created\n']);
    expect(stderr).toBe(
      `Error from server (AlreadyExists): imagestreams.image.openshift.io "web" already exists (${file}: document 1, line 1)\n`,
    );
  });
});

describe('delete -f', () => {
  const deleted = json(200, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' });

  it('needs names, and nothing else to be right', async () => {
    expect((await run('delete', bad, deleted)).stdout).toBe(
      'imagestream.image.openshift.io "bad" deleted\n',
    );
  });

  it.each(['Secret', 'ConfigMap'])('deletes no stream that has the name of a %s', async (kind) => {
    const text = `${good('web')}---\nkind: ${kind}\napiVersion: v1\nmetadata: { name: app }\n`;
    const { exitCode, stderr } = await run('delete', text);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`kind: "${kind}" is not known: must be ImageStream`);
    expect(api.requests).toEqual([]);
  });

  it('deletes nothing when a name is missing', async () => {
    const { exitCode, stderr } = await run('delete', `${good('a')}---\nkind: ImageStream\n`);
    expect([exitCode, stderr]).toEqual([
      1,
      `error: ${file}: document 2, line 4: metadata.name: Required value: a string\n`,
    ]);
    expect(api.requests).toEqual([]);
  });
});
