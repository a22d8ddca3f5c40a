import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { alreadyExists } from '@tagtrail/apimachinery';
import { decodeBase64, secretNamed } from '@tagtrail/pull-secrets';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CommandContext } from '../command-context.ts';
import { readEnvironment } from '../config.ts';
import {
  json,
  openScriptedApi,
  refuse,
  runCommand,
  type ScriptedApi,
} from '../testing/scripted-api.ts';
import { readPassword } from './read-password.ts';

const CREATE = 'create secret docker-registry regcred';
const NOTE =
  'note: others on this machine can see a password that stands on the command line; --docker-password-stdin reads it instead\n';
const PATH = '/api/v1/namespaces/demo/secrets';
const created = {
  kind: 'Secret',
  apiVersion: 'v1',
  metadata: { name: 'regcred', namespace: 'demo' },
  type: 'kubernetes.io/dockerconfigjson',
  data: {},
};
const folder = mkdtempSync(join(tmpdir(), 'tagtrail-secret-'));
afterAll(() => rmSync(folder, { recursive: true }));

let api: ScriptedApi;
beforeEach(async () => {
  api = await openScriptedApi();
});
afterEach(() => api[Symbol.asyncDispose]());

/** What the last request would have kept. */
function sentFile(): unknown {
  const { metadata, data } = JSON.parse(api.requests.at(-1)?.body ?? '{}');
  expect(metadata).toEqual({ name: 'regcred', namespace: 'demo' });
  return JSON.parse(decodeBase64(data['.dockerconfigjson']) ?? '');
}

describe('create secret docker-registry', () => {
  it('sends what kubectl sends, and notes that others see the password', async () => {
    const line = `${CREATE} --docker-server quay.io --docker-username robot --docker-password hunter2`;
    const result = await api.run(`${line} --docker-email a@b.example`, json(201, created));
    expect(result).toEqual({ exitCode: 0, stdout: 'secret/regcred created\n', stderr: NOTE });
    expect(api.dialogue()).toEqual([`POST ${PATH}`]);
    const auth = Buffer.from('robot:hunter2').toString('base64');
    const account = { username: 'robot', password: 'hunter2', email: 'a@b.example', auth };
    expect(sentFile()).toEqual({ auths: { 'quay.io': account } });
  });

  it('means Docker Hub where no server is named', async () => {
    await api.run(`${CREATE} --docker-username u --docker-password p`, json(201, created));
    expect(sentFile()).toMatchObject({
      auths: { 'https://index.docker.io/v1/': { username: 'u' } },
    });
  });

  it.each([['FILE'], ['.dockerconfigjson=FILE']])(
    'takes a whole file: --from-file %s',
    async (file) => {
      const path = join(folder, 'config.json');
      writeFileSync(path, '{"auths":{"ghcr.io":{}}}');
      const line = `${CREATE} --from-file ${file.replace('FILE', path)} -o name`;
      expect((await api.run(line, json(201, created))).stdout).toBe('secret/regcred\n');
      expect(sentFile()).toEqual({ auths: { 'ghcr.io': {} } });
    },
  );

  it('prints the secret as the API answered it', async () => {
    const line = `${CREATE} --docker-username u --docker-password p -o json`;
    expect(JSON.parse((await api.run(line, json(201, created))).stdout)).toEqual(created);
  });

  it('says that there is one already', async () => {
    const line = `${CREATE} --docker-username u --docker-password p`;
    const answer = refuse(409, alreadyExists(secretNamed('regcred')));
    expect(await api.run(line, answer)).toMatchObject({
      exitCode: 1,
      stderr: `${NOTE}Error from server (AlreadyExists): secrets "regcred" already exists\n`,
    });
  });
});

describe('the password', () => {
  const SERVER = ['--server', 'http://127.0.0.1:1', '--token', 't'];
  const run = (flags: string, stdin = '') =>
    runCommand([...`${CREATE} ${flags}`.trim().split(' '), ...SERVER], stdin, folder);

  it.each([
    ['', '', 'say which account: --docker-username NAME, or --from-file PATH'],
    ['--docker-username u', '', 'a password is needed: --docker-password-stdin reads it'],
    [
      '--docker-username u --docker-password p --docker-password-stdin',
      'p',
      'give either --docker-password or --docker-password-stdin, not both',
    ],
    ['--docker-username u --docker-password-stdin', '\n', 'the password is empty'],
    [
      '--docker-username u --docker-password-stdin',
      'p'.repeat(65_537),
      'no password has more than 65536 characters',
    ],
    [
      '--docker-username u --from-file f',
      '',
      'give either --from-file or --docker-username, not both',
    ],
    ['--from-file missing.json', '', 'cannot read missing.json: no such file or directory'],
    ['--from-file long.json', '', 'long.json has more than 1048576 bytes'],
  ])('is asked for before any request: %s', async (flags, stdin, problem) => {
    writeFileSync(join(folder, 'long.json'), ' '.repeat(1024 * 1024 + 1));
    const result = await run(flags, stdin);
    expect(result).toEqual({ exitCode: 1, stdout: '', stderr: `error: ${problem}\n` });
  });
});

describe('a person at a terminal', () => {
  it('is asked for the password, which is not shown', async () => {
    const terminal = new PassThrough();
    terminal.write('hunter2\r');
    const notes: string[] = [];
    const output = { note: (text: string) => void notes.push(text) };
    const environment = { ...readEnvironment(), openTerminal: () => terminal };
    const context = { output, environment } as unknown as CommandContext;
    expect(await readPassword({}, context)).toBe('hunter2');
    expect(notes).toEqual(['Password (it is not shown):']);
  });
});

describe('secrets', () => {
  const list = { kind: 'SecretList', apiVersion: 'v1', metadata: {}, items: [created] };

  it('are listed as by kubectl', async () => {
    const { stdout } = await api.run('get secrets', json(200, list));
    expect(stdout).toBe(
      'NAME      TYPE                             DATA   AGE\nregcred   kubernetes.io/dockerconfigjson   0      <unknown>\n',
    );
    expect(api.dialogue()).toEqual([`GET ${PATH}`]);
  });

  it('are listed of all namespaces, by labels', async () => {
    const { stdout } = await api.run('get secret -A -l a=b', json(200, list));
    expect(stdout).toContain('NAMESPACE   NAME');
    expect(api.requests[0]?.url.search).toBe('?limit=500&labelSelector=a%3Db');
  });

  it('are printed by name, and deleted', async () => {
    const { stdout } = await api.run('get secret regcred -o json', json(200, created));
    expect(JSON.parse(stdout)).toEqual(created);
    const status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' };
    expect((await api.run('delete secret regcred', json(200, status))).stdout).toBe(
      'secret "regcred" deleted\n',
    );
    expect(api.dialogue()).toEqual([`GET ${PATH}/regcred`, `DELETE ${PATH}/regcred`]);
  });
});

describe('create', () => {
  it('says what it can create', async () => {
    expect((await api.run('create')).stderr).toBe(
      'error: say what to create: create -f FILE, create secret docker-registry NAME, or create token NAME\n',
    );
  });

  it('makes a key for secrets, once', async () => {
    const args = ['create', 'secret-key', 'key'];
    expect(await runCommand(args, '', folder)).toEqual({
      exitCode: 0,
      stdout: 'key file key created\n',
      stderr:
        'note: set secrets.keyFile (TAGTRAIL_SECRETS_KEY_FILE) of the API and of every worker to it, and keep a copy: without it no secret can be opened\n',
    });
    expect(await runCommand(args, '', folder)).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `error: there is a file at ${join(folder, 'key')} already; a new key would not open what its key has sealed\n`,
    });
  });
});
