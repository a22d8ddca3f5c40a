import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text as readText } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readEnvironment } from '../config.ts';
import { runCli } from '../run-cli.ts';
import {
  type Answer,
  json,
  openScriptedApi,
  refuse,
  type ScriptedApi,
} from '../testing/scripted-api.ts';
import { ARCHIVE_NAMES, anArchive } from './testing/an-archive.ts';

let api: ScriptedApi;
const folder = mkdtempSync(join(tmpdir(), 'tagtrail-archive-'));
const file = join(folder, 'backup.jsonl');
beforeAll(async () => {
  api = await openScriptedApi({ namespaced: false });
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});
afterEach(() => rmSync(file, { force: true }));

const ARCHIVE = anArchive();

const DEMO_NAMES = ARCHIVE_NAMES.map((name) => `demo/${name}`);
const begun = json(200, { keepsVersions: true });
const none = json(200, { existing: [] });
const all = json(200, { restored: DEMO_NAMES, existing: [] });
const some = json(200, { existing: DEMO_NAMES });

describe('an import from standard input', () => {
  it('says why it cannot be kept', async () => {
    const openStdin = async function* () {
      yield 'some';
      throw new Error('the pipe broke');
    };
    const stderr = new PassThrough();
    const streams = { stdout: new PassThrough(), stderr };
    expect(await runCli(['import', '-f', '-'], { ...readEnvironment(), openStdin }, streams)).toBe(
      1,
    );
    stderr.end();
    expect(await readText(stderr)).toBe('error: cannot keep standard input: the pipe broke\n');
  });
});

describe('import', () => {
  const given = (content = ARCHIVE) => writeFileSync(file, content);

  it('asks what is there, begins, and sends the entries', async () => {
    given();
    const answer = await api.run(`import -f ${file}`, none, begun, all);
    expect(answer).toEqual({ exitCode: 0, stdout: 'imported 7 of 7 streams\n', stderr: '' });
    expect(
      api
        .dialogue()
        .slice(-3)
        .map((line) => line.split('/').at(-1)),
    ).toEqual(['existing', 'begin', 'archive']);
    expect(JSON.parse(api.requests.at(-1)?.body ?? '').entries).toHaveLength(8);
  });

  it('writes nothing when something is there', async () => {
    given();
    const before = api.requests.length;
    const answer = await api.run(`import -f ${file}`, some);
    expect(answer.exitCode).toBe(1);
    expect(answer.stderr).toBe(
      'error: there already: demo/a, demo/b, demo/c, demo/d, demo/e and 2 more\nNothing was imported. --skip-existing leaves them alone, --replace puts the streams of the export in their place.\n',
    );
    expect(api.requests.length).toBe(before + 1);
  });

  it('only looks in a dry run', async () => {
    given();
    const answer = await api.run(`import -f ${file} --dry-run`, none);
    expect(answer.stdout).toBe('7 streams, 1 event and 0 images (dry run)\n');
    const { stdout } = await api.run(`import -f ${file} --dry-run --replace`, some);
    expect(stdout).toBe(
      '7 streams, 1 event and 0 images; 7 are there and would be replaced (dry run)\n',
    );
    const skipped = await api.run(`import -f ${file} --dry-run --skip-existing`, some);
    expect(skipped.stdout).toContain('; 7 are there and would be left as they are (dry run)');
    const counted = await api.run(`import -f ${file} --dry-run --replace -o json`, some);
    expect(JSON.parse(counted.stdout)).toEqual({ streams: 7, replaced: 7, skipped: 0 });
  });

  it('fails in a dry run where it would fail', async () => {
    given();
    const answer = await api.run(`import -f ${file} --dry-run`, some);
    expect([answer.exitCode, answer.stdout]).toEqual([1, '']);
    expect(answer.stderr).toMatch(/^error: there already: demo\/a, /);
  });

  it('says how many streams it has put in place of others', async () => {
    given();
    const answer = await api.run(`import -f ${file} --replace`, some, begun, all);
    expect(answer.stdout).toBe('imported 7 of 7 streams; 7 were there and were replaced\n');
  });

  it('does not take -n for a choice', async () => {
    given();
    const answer = await api.run(`import -f ${file} -n shop`);
    expect(answer.exitCode).toBe(1);
    expect(answer.stderr).toBe(
      'error: an import puts back all streams of its file; -n cannot choose\nEach goes to its own namespace. "tagtrail export -n" makes a file of one namespace.\n',
    );
  });

  it('says what came to be there meanwhile', async () => {
    given();
    const [existing, ...restored] = DEMO_NAMES;
    const sent = json(200, { restored, existing: [existing] });
    const answer = await api.run(`import -f ${file}`, none, begun, sent);
    expect(answer).toEqual({
      exitCode: 1,
      stdout: 'imported 6 of 7 streams, 1 stream left as they were\n',
      stderr: 'error: came to be there meanwhile, and left alone: demo/a\n',
    });
  });

  it('fails when fewer streams came to the server than the file holds', async () => {
    given();
    const sent = json(200, { restored: DEMO_NAMES.slice(0, 3), existing: ['demo/d'] });
    const answer = await api.run(`import -f ${file} --skip-existing`, begun, sent);
    expect(answer).toEqual({
      exitCode: 1,
      stdout: 'imported 3 of 7 streams, 1 stream left as they were\n',
      stderr: `error: ${file} holds 7 streams, and the server told of 4; run it again with --skip-existing to go on where it ended\n`,
    });
  });

  it('sends the file that it checked when another one takes its name meanwhile', async () => {
    given();
    const renamed: Answer = (response, request) => {
      writeFileSync(`${file}.new`, anArchive({ pad: 'another' }));
      renameSync(`${file}.new`, file);
      return begun(response, request);
    };
    const answer = await api.run(`import -f ${file}`, none, renamed, all);
    expect(answer.exitCode).toBe(0);
    const sent = JSON.parse(api.requests.at(-1)?.body ?? '') as { entries: object[] };
    expect(sent.entries.map((entry) => JSON.stringify(entry))).toEqual(
      ARCHIVE.split('\n').slice(1, -2),
    );
  });

  it('says on Ctrl-C how far it is and how to go on', async () => {
    given(anArchive({ pad: 'x'.repeat(600_000) }));
    const interrupted: Answer = (response, request) => {
      process.emit('SIGINT', 'SIGINT');
      return json(200, { restored: ['demo/b'], existing: [] })(response, request);
    };
    const sent = json(200, { restored: ['demo/a'], existing: [] });
    const before = api.requests.length;
    const answer = await api.run(`import -f ${file}`, none, begun, sent, interrupted);
    expect(answer).toEqual({
      exitCode: 130,
      stdout: '',
      stderr:
        'imported 2 of 7 streams; run it again with --skip-existing to go on where it ended\n',
    });
    expect(api.requests.length).toBe(before + 4);
    const line = `import -f ${file} --replace`;
    const replaced = await api.run(line, some, begun, sent, interrupted);
    expect(replaced.stderr).toContain('; run it again with --replace: it begins anew');
  });

  it.each(['--dry-run', '--replace'])('refuses counts that are none (%s)', async (option) => {
    given(anArchive({ trailer: { streams: undefined, events: undefined } }));
    const before = api.requests.length;
    const told = 'line 10: streams is missing, and the lines before hold 7';
    expect(await api.run(`import -f ${file} ${option}`, none)).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `error: ${file}, ${told}\n`,
    });
    expect(api.requests.length).toBe(before);
  });

  it('says how to go on when the server fails in the middle, and shows how far it is', async () => {
    given(anArchive({ pad: 'x'.repeat(600_000) }));
    const status = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'no',
    } as const;
    const sent = json(200, { restored: ['demo/a'], existing: [] });
    const line = `import -f ${file}`;
    const answer = await api.runOnTerminal(line, none, begun, sent, refuse(503, status));
    expect(answer.exitCode).toBe(1);
    expect(answer.stderr).toContain('checking ');
    expect(answer.stderr).toContain('imported 1 of 7 streams');
    expect(answer.stderr).toContain('run it again with --skip-existing to go on where it ended');
  });

  it('names the line that the server does not take', async () => {
    given();
    const message = 'entry 2: stream.checks is not as it should be';
    const status = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message,
    } as const;
    const answer = await api.run(`import -f ${file} --replace`, some, begun, refuse(400, status));
    expect(answer.stderr).toBe(`error: ${file}, line 4: stream.checks is not as it should be\n`);
  });

  it.each([
    [
      `import -f ${file} --replace --skip-existing`,
      'give either --replace or --skip-existing, not both',
    ],
    ['import -f /no/such/file', 'cannot read /no/such/file: no such file or directory'],
    ['import -f /', 'cannot read /: is a directory'],
    ['import -f /dev/null', '/dev/null is empty'],
  ])('is refused: %s', async (line, message) => {
    given();
    expect(await api.run(line, none)).toMatchObject({ exitCode: 1, stderr: `error: ${message}\n` });
  });
});
