import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Environment, readEnvironment } from './config.ts';
import { findFreePort, findFreePorts } from './processes/free-port.ts';
import { readLines } from './processes/read-lines.ts';
import { runCli } from './run-cli.ts';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));

let cwd = '';
let port = 0;
let registryPort = 0;
let up: ChildProcess;

const portOptions = () => ['--port', String(port), '--registry-port', String(registryPort)];

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'tagtrail-cli-'));
  [port = 0, registryPort = 0] = await findFreePorts(2);
  const { NO_COLOR: _, REDIS_URL: __, KUBECONFIG: ___, ...env } = process.env;
  up = spawn(process.execPath, [MAIN, 'up', ...portOptions(), '--workers', '1'], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const isUp = Promise.withResolvers<void>();
  const { stdout } = up;
  if (stdout !== null) readLines(stdout, (line) => line.includes('is up') && isUp.resolve());
  await Promise.race([
    isUp.promise,
    once(up, 'exit').then(() => Promise.reject(new Error('ended'))),
  ]);
});

afterAll(async () => {
  up.kill('SIGINT');
  up.kill('SIGINT');
  const [code] = await once(up, 'exit');
  expect(code).toBe(0);
  rmSync(cwd, { recursive: true, force: true });
});

/** Runs a command in this process, in the folder that `up` runs in. */
async function tagtrail(line: string, changes: Partial<Environment> = {}) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const { KUBECONFIG: _, ...variables } = process.env;
  const environment = { ...readEnvironment(), cwd, variables, ...changes };
  const exitCode = await runCli(line.split(' '), environment, { stdout, stderr });
  stdout.end();
  stderr.end();
  return { exitCode, stdout: await text(stdout), stderr: await text(stderr) };
}

/** What every failure looks like. */
function failure(stderr: string) {
  return { exitCode: 1, stdout: '', stderr: `${stderr}\n` };
}

describe('tagtrail up', () => {
  it('leaves a kubeconfig and a token that only their owner reads', () => {
    const files = ['kubeconfig', 'token'].map((name) => join(cwd, '.tagtrail', name));
    expect(files.map((file) => statSync(file).mode & 0o777)).toEqual([0o600, 0o600]);
    const [kubeconfig = '', token = ''] = files.map((file) => readFileSync(file, 'utf8').trim());
    expect(kubeconfig).toContain(token);
    expect(kubeconfig).toContain(`server: https://127.0.0.1:${port}`);
  });

  it('says in a line that its port is taken', async () => {
    expect(await tagtrail(`up --port ${port} --data-dir other`)).toEqual(
      failure(`error: port ${port} on 127.0.0.1 is taken; choose another with --port`),
    );
  });

  it('says in a line that its data folder belongs to another one', async () => {
    const { exitCode, stderr } = await tagtrail(`up --port ${await findFreePort()}`);
    expect(exitCode).toBe(1);
    expect(stderr).toBe(
      `error: ${cwd}/.tagtrail/redis is in use by process ${up.pid}: stop the other \`tagtrail up\`, or choose another folder with --data-dir\n`,
    );
  });

  it('says in a line that its data folder cannot be written', async () => {
    writeFileSync(join(cwd, 'file'), '');
    const line = `up --port ${await findFreePort()} --data-dir file/data`;
    expect(await tagtrail(line)).toEqual(
      failure(
        'error: cannot write to data folder ./file/data: not a directory; choose another with --data-dir',
      ),
    );
  });

  it('says in a line that there is no Redis to be had, and what would help', async () => {
    const variables = { HOME: join(cwd, 'empty'), PATH: join(cwd, 'empty') };
    const line = `up --port ${await findFreePort()} --data-dir without-redis`;
    const { exitCode, stdout, stderr } = await tagtrail(line, { variables });
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^error: no Redis server: .*set REDIS_URL to one that runs\n$/u);
  });
});

describe('commands that talk to the API', () => {
  it('say in a line that the token is wrong', async () => {
    expect(await tagtrail('get is --token wrong-wrong-wrong')).toEqual(
      failure(
        'Error from server (Unauthorized): the token is missing or wrong; the kubeconfig that `tagtrail up` wrote has the right one',
      ),
    );
  });

  it.each([
    ['get is nope', 'imagestreams.image.openshift.io "nope" not found'],
    ['delete is nope', 'imagestreams.image.openshift.io "nope" not found'],
    ['watch nope', 'imagestreams.image.openshift.io "nope" not found'],
  ])('say in a line that what is unknown is unknown: %s', async (line, message) => {
    expect(await tagtrail(line)).toEqual(failure(`Error from server (NotFound): ${message}`));
  });

  it.each(['history nope:latest', 'get checks nope'])(
    'name the stream that is unknown, in words: %s',
    async (line) => {
      const problem = 'error: no image stream nope in namespace default';
      expect(await tagtrail(line)).toEqual(failure(problem));
    },
  );

  it('take an empty list for an answer', async () => {
    const note = 'No resources found in default namespace.\n';
    expect(await tagtrail('get is')).toEqual({ exitCode: 0, stdout: '', stderr: note });
    expect(await tagtrail('get checks')).toEqual({ exitCode: 0, stdout: '', stderr: note });
    expect((await tagtrail('get is -A')).stderr).toBe('No resources found.\n');
  });

  it('say in a line that nobody answers', async () => {
    const free = await findFreePort();
    expect(await tagtrail(`get is --server http://127.0.0.1:${free}`)).toEqual(
      failure(
        `error: cannot reach the Tagtrail API at http://127.0.0.1:${free}: connection refused; is \`tagtrail up\` running?`,
      ),
    );
  });
});

describe('files', () => {
  const stream = (rest = '') => `kind: ImageStream\nmetadata: {name: web${rest}}\n`;
  const tags = (...names: string[]) =>
    `spec: {tags: [${names.map((name) => `{name: ${name}, from: {kind: DockerImage, name: "127.0.0.1:9/a:${name}"}}`)}]}\n`;

  async function applied(content: string): Promise<string> {
    writeFileSync(join(cwd, 'web.yaml'), content);
    const { stdout, stderr } = await tagtrail('apply -f web.yaml');
    return stdout.trim() || stderr.trim();
  }

  async function tagNames(): Promise<readonly string[]> {
    const { stdout } = await tagtrail('get is web -o json');
    return JSON.parse(stdout).spec.tags.map(({ name }: { name: string }) => name);
  }

  it('are applied: created, unchanged, configured, and what they leave out goes', async () => {
    const name = 'imagestream.image.openshift.io/web';
    expect(await applied(stream() + tags('a', 'b'))).toBe(`${name} created`);
    expect(await applied(stream() + tags('a', 'b'))).toBe(`${name} unchanged`);
    expect(await applied(stream(', labels: {x: "1"}') + tags('b', 'c'))).toBe(`${name} configured`);
    expect(await tagNames()).toEqual(['b', 'c']);
    expect((await tagtrail('get is -l x=1 -o name')).stdout).toBe(`${name}\n`);
    expect((await tagtrail('history web:d')).stderr).toBe(
      'error: image stream web in namespace default has no tag d\n',
    );
  });

  it('with a mistake are refused whole, by file, document and field', async () => {
    const wrong = `${stream()}---\n${stream().replace('web', 'api')}specs: {}\n`;
    expect(await applied(wrong)).toBe(
      'error: web.yaml: document 2, line 6: unknown field specs; did you mean spec?\nnothing was sent; --keep-going sends what has no mistake in it',
    );
    expect((await tagtrail('get is api')).exitCode).toBe(1);
  });

  it('that the server refuses are named, and the others are written', async () => {
    writeFileSync(join(cwd, 'two.yaml'), `${stream()}---\n${stream().replace('web', 'api')}`);
    const { exitCode, stdout, stderr } = await tagtrail('create -f two.yaml');
    expect([exitCode, stdout]).toEqual([1, 'imagestream.image.openshift.io/api created\n']);
    expect(stderr).toBe(
      'Error from server (AlreadyExists): imagestreams.image.openshift.io "web" already exists (two.yaml: document 1, line 1)\n',
    );
    expect((await tagtrail('delete -f two.yaml')).stdout).toBe(
      'imagestream.image.openshift.io "web" deleted\nimagestream.image.openshift.io "api" deleted\n',
    );
  });
});

describe('tags', () => {
  const source = '127.0.0.1:9/acme/app:1';

  it('are set, shown, resolved and deleted, the stream being made on the way', async () => {
    expect(await tagtrail(`tag --reference ${source} app:v1`)).toEqual({
      exitCode: 0,
      stdout: `Tag app:v1 set to ${source}.\n`,
      stderr: '',
    });
    const { stdout } = await tagtrail('describe is app');
    expect(stdout).toContain(`\nv1\n  reference to registry ${source}\n\n  * ${source}\n`);
    expect((await tagtrail('resolve app:v1')).stdout).toBe(`${source}\n`);
    expect((await tagtrail('tag app:v1 app:copy')).stdout).toBe(`Tag app:copy set to ${source}.\n`);
    expect((await tagtrail('tag -d app:v1 app:copy')).stdout).toBe(
      'Deleted tag default/app:v1.\nDeleted tag default/app:copy.\n',
    );
    expect(await tagtrail('tag -d app:v1')).toEqual(
      failure(
        'Error from server (NotFound): imagestreamtags.image.openshift.io "app:v1" not found',
      ),
    );
    expect(await tagtrail('describe istag app:v1')).toEqual(
      failure(
        'Error from server (NotFound): imagestreamtags.image.openshift.io "app:v1" not found',
      ),
    );
  });
});
