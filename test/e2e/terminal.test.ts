import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { openRegistrySimulator, type RegistrySimulator } from '@tagtrail/registry-simulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../free-port.ts';
import { ROOT, startCommand, TAGTRAIL } from './command-process.ts';
import { definition, digestsOf } from './definitions.ts';
import { eventually, type Installation, openInstallation } from './installation.ts';
import { commandNames, JSON_ANSWERS, JSON_LINES, LOCAL, TEXT_ONLY } from './json-answers.ts';
import { CTRL_C, PseudoTerminal } from './pseudo-terminal.ts';

/** Enough that a list of them is longer than any pipe holds. */
const MANY = 300;
/** ms from Ctrl-C to the end of the command. */
const STOP_LIMIT = 1_000;
const ESCAPE = '\u001b[';

let tagtrail: Installation;
let simulator: RegistrySimulator;
let cwd = '';
let digest = '';
let registry = '';

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'tagtrail-terminal-'));
  writeFileSync(join(cwd, 'made.yaml'), 'kind: ImageStream\nmetadata: {name: made}\n');
  simulator = await openRegistrySimulator();
  const counts = { api: 1, producer: 1, worker: 1, 'status-writer': 1 };
  tagtrail = await openInstallation(counts, { TAGTRAIL_REGISTRY_FOLDER: join(cwd, 'blobs') });
  const { lines } = await tagtrail.start('registry');
  registry = String(lines.find(({ msg }) => msg === 'listening')?.['url']);
  await move();
  await tagtrail.client.streams.create(
    definition('web', { latest: `${simulator.host}/shop/web` }, { schedule: '1s' }),
  );
  await recorded();
});

afterAll(async () => {
  await tagtrail?.[Symbol.asyncDispose]();
  await simulator?.[Symbol.asyncDispose]();
  rmSync(cwd, { recursive: true, force: true });
});

/** Pushes another image. */
async function move(): Promise<void> {
  digest = simulator.push('shop/web', 'latest').digest;
}

/** Waits until the last push is in the record. */
async function recorded(): Promise<void> {
  await eventually(async () => {
    const web = await tagtrail.client.streams.get({ namespace: 'demo', name: 'web' });
    return digestsOf(web, 'latest').includes(digest) ? true : undefined;
  }, 20_000);
}

/** Options that lead a command to the API of this test. */
function connection(): readonly string[] {
  return ['-n', 'demo', '--server', tagtrail.server, '--token', tagtrail.token];
}

/** Runs a line of bash in which $T is the command and $C leads it to the API, to its end. */
async function bash(line: string) {
  const { PATH = '', HOME = '' } = process.env;
  const env = {
    PATH,
    HOME,
    T: TAGTRAIL,
    C: connection().join(' '),
    A: connection().slice(2).join(' '),
    TAGTRAIL_REGISTRIES_PRIVATE_ADDRESSES: 'allowed',
  };
  const child = spawn('bash', ['-c', line], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = Promise.all([text(child.stdout), text(child.stderr)]);
  const [status] = await once(child, 'close');
  const [stdout, stderr] = await said;
  return { status, stdout, stderr };
}

describe('-o json', () => {
  it('is there for every command that prints, and tried here with each', () => {
    const { json, text: rest } = commandNames();
    expect(rest, 'give it -o json, or say here why not').toEqual(Object.keys(TEXT_ONLY).sort());
    expect(json, 'say here how it is run').toEqual(
      [...Object.keys(JSON_ANSWERS), ...JSON_LINES].sort(),
    );
  });

  it.each(Object.values(JSON_ANSWERS).flat())(
    'is one document and no word more: %s',
    async (line) => {
      const [name = ''] = line.split(' ', 1);
      // An import is about all namespaces.
      const where = LOCAL.includes(name) ? '' : name === 'import' ? '$A' : '$C';
      const asked = line.replaceAll('DIGEST', digest).replaceAll('HOST', simulator.host);
      const command = `${asked.replace('REGISTRY', registry)} ${where}`;
      const { status, stdout, stderr } = await bash(`$T ${command} -o json`);
      expect([status, stderr.replaceAll(/^note: .*\n/gmu, '')]).toEqual([0, '']);
      expect(JSON.parse(stdout)).toBeTypeOf('object');
    },
  );

  it('is one document after the other for a watched list', async () => {
    const list = spawn(TAGTRAIL, ['get', 'is', 'web', '-w', '-o', 'json', ...connection()]);
    let shown = '';
    list.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      shown += chunk;
    });
    const documents = () => shown.split(/(?<=^\})\n/mu).filter((one) => one.endsWith('}'));
    for (let count = 1; count <= 2; count += 1) {
      while (documents().length < count) await once(list.stdout, 'data');
      await move();
    }
    list.kill('SIGINT');
    expect(await once(list, 'exit')).toEqual([130, null]);
    for (const one of documents()) expect(JSON.parse(one).kind).toBe('ImageStream');
  });

  it.each([
    ['watch', () => connection()],
    ['simulate-registry', () => ['--port', '0', '--move', 'demo/web:latest', '--every', '1s']],
    [
      'up',
      async () => [
        '--demo',
        '--data-dir',
        join(cwd, 'up'),
        '--port',
        String(await freePort()),
        '--registry-port',
        String(await freePort()),
      ],
    ],
  ])('is a document a line for %s', async (command, options) => {
    const args = [command, ...(await options()), '-o', 'json'];
    const child = spawn(TAGTRAIL, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'ignore'] });
    let shown = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      shown += chunk;
    });
    const pushes = setInterval(move, 500);
    // Two: the first one of a registry may come before it listens to signals.
    while (!/\n.*\n/u.test(shown)) await once(child.stdout, 'data');
    clearInterval(pushes);
    child.kill('SIGINT');
    expect([0, 130]).toContain((await once(child, 'exit'))[0]);
    for (const line of shown.trimEnd().split('\n')) expect(JSON.parse(line)).toBeTypeOf('object');
  });
});

describe('a pipe that is closed early', () => {
  beforeAll(async () => {
    for (let index = 0; index < MANY; index += 1) {
      await tagtrail.client.streams.create(definition(`many-${index}`, {}));
    }
  });

  it.each([
    'get is -o json $C',
    'get is -o yaml $C',
    'describe is $C',
    'get is -w $C',
    'get is -w -o json $C',
    'history web $C',
    'import-image web $C',
    'import-image web -o json $C',
    'get --help',
    '--help',
    'config',
  ])('ends the command without a word: %s | head -1', async (command) => {
    // A table that fits into the pipe is written before its reader goes; a watch notices that at its next line.
    const pushes = command.includes(' -w') ? setInterval(move, 500) : undefined;
    const { status, stdout, stderr } = await bash(
      `$T ${command} | head -1; exit \${PIPESTATUS[0]}`,
    );
    clearInterval(pushes);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^.+\n$/u);
  });

  it('ends a watch at the next move', async () => {
    const pushes = setInterval(move, 500);
    const { status, stdout, stderr } = await bash(
      `$T watch $C -o json | head -1; exit \${PIPESTATUS[0]}`,
    );
    clearInterval(pushes);
    expect([status, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toMatchObject({ name: 'web', tag: 'latest' });
  });
});

describe('a terminal', () => {
  it.each([
    ['in colours', {}, true],
    ['in colours when NO_COLOR is empty', { NO_COLOR: '' }, true],
    ['without colours when NO_COLOR is set', { NO_COLOR: '1' }, false],
    ['without colours when it has none', { TERM: 'dumb' }, false],
  ])('shows moves %s', async (_, variables, colored) => {
    const terminal = new PseudoTerminal(['watch', ...connection()], { variables });
    await terminal.until(/watching namespace demo; Ctrl-C ends/u);
    await move();
    await terminal.until(/demo\/web:latest.*\n/u);
    terminal.press(CTRL_C);
    expect(await terminal.exited).toBe(130);
    expect(terminal.shown.includes(ESCAPE)).toBe(colored);
  });

  it('has colours to itself: a pipe gets none', async () => {
    const { stdout } = await bash('$T history web $C; $T get checks $C; $T --help');
    expect(stdout).not.toContain(ESCAPE);
  });

  it.each(['get is', 'get istag', 'get checks', 'get is -w', 'history web', 'config'])(
    'of 40 columns shows no line of a table that is wider: %s',
    async (line) => {
      const args = [...line.split(' '), ...(line === 'config' ? [] : connection())];
      const variables = { REDIS_URL: tagtrail.redis.url, TAGTRAIL_API_TOKEN: tagtrail.token };
      const terminal = new PseudoTerminal(args, { columns: 40, variables });
      await terminal.until(/^(?:NAME|TAG|AGE|SETTING)\s+\S.*\n(?:.*\n)+/mu);
      terminal.press(CTRL_C);
      await terminal.exited;
      // The terminal may fold the one cell of a block's line; of a table's line it must not.
      const rows = terminal.shown.split('\n').filter((one) => /\S {3,}\S.*\S {3,}\S/u.test(one));
      for (const row of rows) expect(row.length).toBeLessThanOrEqual(40);
    },
  );

  it('of any width narrows neither -o wide nor a pipe', async () => {
    const args = ['get', 'istag', '-o', 'wide', ...connection()];
    const terminal = new PseudoTerminal(args, { columns: 40 });
    expect(await terminal.exited).toBe(0);
    expect(terminal.shown).toContain(digest);
    expect((await bash('$T get istag $C')).stdout).toContain(digest);
  });

  it.each([
    ['watch', /Ctrl-C ends/u],
    ['watch web', /Ctrl-C ends/u],
    ['get is web -w', /^web /mu],
  ])('ends "%s" within a second of Ctrl-C', async (line, running) => {
    const terminal = new PseudoTerminal([...line.split(' '), ...connection()], {});
    await terminal.until(running);
    const pressed = performance.now();
    terminal.press(CTRL_C);
    expect(await terminal.exited).toBe(130);
    expect(performance.now() - pressed).toBeLessThan(STOP_LIMIT);
    expect(terminal.shown).not.toMatch(/Error|^ +at /mu);
  });

  it('shows what an import waits for, and ends it within a second of Ctrl-C', async () => {
    simulator.faults.set({ repository: 'shop/slow' }, { hang: true });
    const from = `--from=${simulator.host}/shop/slow`;
    const args = ['import-image', 'slow', from, '--confirm', '--insecure', ...connection()];
    const terminal = new PseudoTerminal(args, {});
    await terminal.until(/importing /u);
    await simulator.waitForRequest(({ repository }) => repository === 'shop/slow');
    const pressed = performance.now();
    terminal.press(CTRL_C);
    expect(await terminal.exited).toBe(130);
    expect(performance.now() - pressed).toBeLessThan(STOP_LIMIT);
    expect(terminal.shown).toContain('may still be imported');
    expect(terminal.shown).not.toMatch(/Error|^ +at /mu);
    simulator.faults.clear();
  });

  it('ends a watch within a second of Ctrl-C while the API is away', async () => {
    const port = await freePort();
    const api = await tagtrail.start('api', { TAGTRAIL_API_PORT: String(port) });
    const server = `http://127.0.0.1:${port}`;
    const args = ['watch', '-n', 'demo', '--server', server, '--token', tagtrail.token];
    const terminal = new PseudoTerminal(args, {});
    await terminal.until(/Ctrl-C ends/u);
    await api.stop();
    const pressed = performance.now();
    terminal.press(CTRL_C);
    expect(await terminal.exited, terminal.shown).toBe(130);
    expect(performance.now() - pressed).toBeLessThan(STOP_LIMIT);
  });
});

it('a disk that is full is no crash', async () => {
  const { status, stderr } = await bash('$T version > /dev/full');
  expect([status, stderr]).toEqual([
    1,
    'error: cannot write the answer: no space left on device\n',
  ]);
});

it('a simulated registry says where it is and what it pushes', async () => {
  const args = ['simulate-registry', '--port', '0', '--tag', 'demo/web:latest'];
  const registry = startCommand({ program: TAGTRAIL, args });
  await registry.line(/^registry simulator at http:\S+\/v2\/, control at http:\S+\/_simulator\/$/u);
  await registry.line(/^\S+Z {2}pushed demo\/web:latest {2}sha256:[0-9a-f]{64}$/u);
  await registry.stop();
});
