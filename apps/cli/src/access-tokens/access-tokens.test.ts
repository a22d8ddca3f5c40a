import type { AccessToken } from '@tagtrail/api-client';
import { alreadyExists } from '@tagtrail/apimachinery';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  json,
  openScriptedApi,
  refuse,
  runCommand,
  type ScriptedApi,
} from '../testing/scripted-api.ts';

const PATH = '/apis/tagtrail.dev/v1/accesstokens';
const TEXT = `tagtrail_0123456789ab_${'0'.repeat(64)}`;
const DAY = 86_400_000;

function aToken(name: string, status: Partial<AccessToken['status']> = {}): AccessToken {
  const creationTimestamp = new Date(Date.now() - 3 * DAY).toISOString();
  return {
    kind: 'AccessToken',
    apiVersion: 'tagtrail.dev/v1',
    metadata: { name, uid: '0123456789ab', creationTimestamp },
    spec: {
      grants: [
        { role: 'view', namespace: 'demo' },
        { role: 'edit', namespace: '*' },
      ],
    },
    status: { createdBy: 'admin', expired: false, ...status },
  };
}

let api: ScriptedApi;
beforeEach(async () => {
  api = await openScriptedApi();
});
afterEach(() => api[Symbol.asyncDispose]());

const sent = () => JSON.parse(api.requests.at(-1)?.body ?? '{}') as unknown;

describe('create token', () => {
  const created = (status: Partial<AccessToken['status']> = {}) =>
    json(201, aToken('ci', { token: TEXT, ...status }));

  it('prints the text alone on stdout, and on stderr what to do with it', async () => {
    const { exitCode, stdout, stderr } = await api.run('create token ci --role view', created());
    expect([exitCode, stdout]).toEqual([0, `${TEXT}\n`]);
    expect(stderr).toBe(
      [
        'access token "ci" created: view in demo, edit everywhere; it never expires',
        'This is its text. It is shown only now; keep it like a password:',
        'Use it with --token, in a kubeconfig, or with the registry, which reads it here:',
        '  docker login -u tagtrail --password-stdin HOST',
        '',
      ].join('\n'),
    );
    expect(api.dialogue()).toEqual([`POST ${PATH}`]);
    expect(sent()).toEqual({
      kind: 'AccessToken',
      apiVersion: 'tagtrail.dev/v1',
      metadata: { name: 'ci' },
      spec: { grants: [{ role: 'view', namespace: 'demo' }] },
    });
  });

  it('sends how long it lasts, and tells when that is over', async () => {
    const line = 'create token ci --role edit --expires 30d';
    const answer = created({ expirationTimestamp: '2026-12-23T10:00:00Z' });
    const { stderr } = await api.run(line, answer);
    expect(stderr).toContain('; it expires at 2026-12-23T10:00:00Z\n');
    expect(sent()).toMatchObject({ spec: { expirationSeconds: 30 * 86_400 } });
  });

  it('prints the answer of the API as it is', async () => {
    const { stdout, stderr } = await api.run('create token ci --role view -o json', created());
    expect(JSON.parse(stdout)).toMatchObject({ status: { token: TEXT } });
    expect(stderr).toBe('');
  });

  it('says that there is one already', async () => {
    const resource = { group: 'tagtrail.dev', resource: 'accesstokens', kind: 'AccessToken' };
    const answer = refuse(409, alreadyExists({ ...resource, name: 'ci' }));
    expect(await api.run('create token ci --role view', answer)).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: 'Error from server (AlreadyExists): accesstokens.tagtrail.dev "ci" already exists\n',
    });
  });

  it('grants a role everywhere when that is said', async () => {
    await using all = await openScriptedApi({ namespaced: false });
    await all.run('create token ops --role admin --everywhere', created());
    expect(JSON.parse(all.requests[0]?.body ?? '')).toMatchObject({
      spec: { grants: [{ role: 'admin', namespace: '*' }] },
    });
  });

  const SERVER = ['--server', 'http://127.0.0.1:1', '--token', 't'];

  it.each([
    ['--role view --everywhere -n demo', 'give either --namespace or --everywhere, not both'],
    ['--role view --expires 3600', '--expires must be a span such as 30d or 12h, not "3600"'],
    ['--role view --expires soon', '--expires must be a span such as 30d or 12h, not "soon"'],
    ['--role view --expires 1500ms', '--expires must be a span such as 30d or 12h, not "1500ms"'],
  ])('refuses %s before any request', async (flags, problem) => {
    const result = await runCommand([...`create token ci ${flags}`.split(' '), ...SERVER]);
    expect(result).toEqual({ exitCode: 1, stdout: '', stderr: `error: ${problem}\n` });
  });

  it.each(['', '--role root'])('wants a role that there is, not %j', async (flags) => {
    const { exitCode, stderr } = await runCommand(
      `create token ci ${flags}`.trim().split(' ').concat(SERVER),
    );
    expect(exitCode).toBe(1);
    expect(stderr).toContain('--role <role>');
  });
});

describe('get tokens', () => {
  const expirationTimestamp = new Date(Date.now() + 10.5 * DAY).toISOString();
  const items = [
    aToken('ci', { expirationTimestamp }),
    aToken('old', { expired: true, expirationTimestamp: '2026-01-01T00:00:00Z' }),
    aToken('ops'),
  ];
  const list = json(200, { kind: 'AccessTokenList', metadata: {}, items });

  it('shows what each may do, and until when', async () => {
    const { stdout } = await api.run('get tokens', list);
    const rows = stdout.trimEnd().split('\n');
    expect(rows.map((row) => row.split(/ {2,}/u))).toEqual([
      ['NAME', 'ID', 'ROLES', 'EXPIRES', 'AGE'],
      ['ci', '0123456789ab', 'view in demo, edit everywhere', 'in 10d', '3d'],
      ['old', '0123456789ab', 'view in demo, edit everywhere', 'expired', '3d'],
      ['ops', '0123456789ab', 'view in demo, edit everywhere', 'never', '3d'],
    ]);
    expect(api.dialogue()).toEqual([`GET ${PATH}`]);
  });

  it('shows with -o wide who made them', async () => {
    const { stdout } = await api.run('get tokens -o wide', list);
    expect(stdout).toMatch(/CREATED BY +EXPIRES AT/u);
    expect(stdout).toMatch(/ admin +2026-01-01T00:00:00Z/u);
  });

  it('shows one by its name', async () => {
    const { stdout } = await api.run('get token ci -o json', json(200, items[0]));
    expect(JSON.parse(stdout)).toEqual(items[0]);
    expect(api.dialogue()).toEqual([`GET ${PATH}/ci`]);
  });

  it('names no namespace when there are none', async () => {
    const none = json(200, { kind: 'AccessTokenList', metadata: {}, items: [] });
    expect(await api.run('get tokens', none)).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: 'No resources found.\n',
    });
  });

  it.each([
    ['get tokens -w', 'token cannot be watched; `tagtrail watch` shows moves'],
    ['get tokens -l a=b', 'token have no labels: leave out -l'],
  ])('refuses %s', async (line, problem) => {
    expect((await api.run(line)).stderr).toBe(`error: ${problem}\n`);
  });
});

describe('delete token', () => {
  const success = json(200, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' });

  it.each(['ci', '0123456789ab'])('revokes %s', async (name) => {
    expect((await api.run(`delete token ${name}`, success)).stdout).toBe(
      `accesstoken.tagtrail.dev "${name}" deleted\n`,
    );
    expect(api.dialogue()).toEqual([`DELETE ${PATH}/${name}`]);
  });
});
