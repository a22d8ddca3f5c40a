import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAccessToken, MIN_TOKEN_LIFE } from '../../packages/access-control/src/index.ts';
import { openAccessTokens } from '../../packages/access-control-redis/src/index.ts';
import { eventually, type Installation, openInstallation } from './installation.ts';
import { type CommandResult, runTagtrail } from './run-tagtrail.ts';

/** ms. A revoked token works for ten seconds; a busy machine gets some more. */
const REVOCATION_LIMIT = 20_000;
/** ms that a token has left which is to expire: enough for the first command, also on a busy machine. */
const LEFT = 5_000;

const STREAM = `kind: ImageStream
apiVersion: image.openshift.io/v1
metadata: { name: web }
`;

const opened = new AsyncDisposableStack();
let installation: Installation;
let cwd: string;

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'access-'));
  opened.defer(() => rm(cwd, { recursive: true }));
  await writeFile(join(cwd, 'web.yaml'), STREAM);
  installation = opened.use(await openInstallation({ api: 1 }));
}, 60_000);
afterAll(() => opened.disposeAsync());

function run(line: string, token = installation.token): Promise<CommandResult> {
  return runTagtrail(line.split(' '), { cwd, server: installation.server, token });
}

async function createToken(line: string, token?: string): Promise<string> {
  const { exitCode, stdout, stderr } = await run(`create token ${line}`, token);
  expect([exitCode, stdout], stderr).toEqual([0, expect.stringMatching(/^tagtrail_\S+\n$/)]);
  return stdout.trim();
}

/** Whether a token is known to nobody any more. */
async function isRefused(token: string): Promise<true | undefined> {
  const { exitCode, stderr } = await run('get is -n demo', token);
  if (exitCode === 0) return undefined;
  expect(stderr).toContain('Unauthorized');
  return true;
}

/** A watch under way. Settles when it ends: rejects when it is cut off. */
async function openWatch(token: string): Promise<{ readonly ended: Promise<string> }> {
  const path = '/apis/image.openshift.io/v1/namespaces/demo/imagestreams?watch=true';
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`${installation.server}${path}`, { headers });
  expect(response.status).toBe(200);
  const ended = response.text();
  // Heard of when it is waited for.
  ended.catch(() => undefined);
  return { ended };
}

const forbidden = (verb: string, namespace: string) =>
  expect.stringContaining(
    `token "viewer" cannot ${verb} resource "imagestreams" in API group "image.openshift.io" in the namespace "${namespace}"`,
  );

describe('an access token', () => {
  it('allows what its role says, where it says so, until it is revoked', async () => {
    expect((await run('create -f web.yaml -n demo')).exitCode).toBe(0);
    const viewer = await createToken('viewer --role view -n demo');

    expect((await run('get is -n demo -o name', viewer)).stdout).toBe(
      'imagestream.image.openshift.io/web\n',
    );
    expect(await run('delete is web -n demo', viewer)).toMatchObject({
      exitCode: 1,
      stderr: forbidden('delete', 'demo'),
    });
    expect(await run('create -f web.yaml -n demo', viewer)).toMatchObject({ exitCode: 1 });
    expect(await run('get is -n other', viewer)).toMatchObject({
      exitCode: 1,
      stderr: forbidden('list', 'other'),
    });
    expect((await run('get is -A', viewer)).stderr).toContain('at the cluster scope');
    expect((await run('get tokens', viewer)).exitCode).toBe(1);
    expect((await run('get is -n demo -o name')).stdout).toContain('/web\n');

    const watch = await openWatch(viewer);
    expect((await run('delete token viewer')).stdout).toBe(
      'accesstoken.tagtrail.dev "viewer" deleted\n',
    );
    await eventually(() => isRefused(viewer), REVOCATION_LIMIT);
    expect((await run('get tokens')).stderr).toBe('No resources found.\n');
    await expect(watch.ended).rejects.toThrow('terminated');
  }, 60_000);

  it('lets the admin of a namespace hand out roles there, and nowhere else', async () => {
    const lead = await createToken('lead --role admin -n demo');
    const editor = await createToken('editor --role edit -n demo', lead);
    expect((await run('get tokens -o name', lead)).stdout).toBe(
      'accesstoken.tagtrail.dev/editor\naccesstoken.tagtrail.dev/lead\n',
    );
    expect((await run('tag --reference quay.io/acme/app:1 made:v1 -n demo', editor)).exitCode).toBe(
      0,
    );
    expect((await run('create token all --role view --everywhere', lead)).stderr).toContain(
      'token "lead" is not admin everywhere, so it can grant no role there',
    );
    expect((await run('create token more --role view -n demo', editor)).exitCode).toBe(1);
  });

  it('is told in no line of the log, nor is its hash', async () => {
    await using own = await openInstallation({});
    const api = await own.start('api', { TAGTRAIL_LOG_LEVEL: 'debug' });
    const { server, token } = own;
    const line = ['create', 'token', 'ci', '--role', 'view', '-n', 'demo'];
    const { stdout } = await runTagtrail(line, { cwd, server, token });
    await runTagtrail(['get', 'is', '-n', 'demo'], { cwd, server, token: stdout.trim() });
    await runTagtrail(['delete', 'token', 'ci'], { cwd, server, token });
    await api.stop();
    const log = JSON.stringify(api.lines);
    expect(log).toContain('an access token was created');
    expect(log).toContain('an access token was revoked');
    const [, , secret = ''] = stdout.trim().split('_');
    expect(secret).toHaveLength(64);
    expect(log).not.toContain(secret);
    expect(log).not.toContain(token);
    expect(log).not.toMatch(/[0-9a-f]{64}/);
  });

  it('counts no more once it has expired', async () => {
    const brief = await storeToken('brief', Date.now() + LEFT);
    expect((await run('get is -n demo', brief)).exitCode).toBe(0);
    await eventually(() => isRefused(brief), REVOCATION_LIMIT);
    expect((await run('get token brief')).stdout).toMatch(/ expired /);
  }, 30_000);
});

/** Puts a token into the store that was made a minute before its end: none that is made has less. Answers its text. */
async function storeToken(name: string, expires: number): Promise<string> {
  await using store = openAccessTokens({ url: installation.redis.url, name: 'test' });
  const draft = { name, grants: [{ role: 'view', namespace: 'demo' }], expires };
  const made = createAccessToken(draft, { createdBy: 'test', now: expires - MIN_TOKEN_LIFE });
  if (!made.ok) throw new Error(JSON.stringify(made.problems));
  await store.create(made.record);
  return made.text;
}
