import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

let api: ScriptedApi;
const folder = mkdtempSync(join(tmpdir(), 'tagtrail-archive-'));
const file = join(folder, 'backup.jsonl');
beforeAll(async () => {
  api = await openScriptedApi();
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});
afterEach(() => rmSync(file, { force: true }));

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
const ARCHIVE = archive({});

function archive(counts: object, pad = ''): string {
  const first = { kind: 'TagtrailExport', version: 2, exportedAt: '', resourceVersion: '7' };
  const entries = NAMES.map((name) => ({
    stream: { object: { metadata: { namespace: 'demo', name } }, pad },
  }));
  const body = [first, ...entries].map((line) => `${JSON.stringify(line)}\n`).join('');
  const sha256 = createHash('sha256').update(body).digest('hex');
  const all = {
    streams: 7,
    events: 1,
    images: 0,
    unreadable: 0,
    resourceVersion: 7,
    fence: 3,
    ...counts,
  };
  return `${body}${JSON.stringify({ kind: 'TagtrailExportEnd', ...all, sha256 })}\n`;
}
const text =
  (body: string): Answer =>
  (response) =>
    void response.writeHead(200, { 'content-type': 'application/x-ndjson' }).end(body);
const begun = json(200, { keepsVersions: true });
const none = json(200, { existing: [] });
const some = json(200, { existing: NAMES.map((name) => `demo/${name}`) });

describe('export', () => {
  it('writes a whole file and says what is in it', async () => {
    const answer = await api.run(`export -f ${file}`, text(ARCHIVE));
    expect(answer).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: `exported 7 streams, 1 event and 0 images to ${file}\n`,
    });
    expect(readFileSync(file, 'utf8')).toBe(ARCHIVE);
    expect(api.requests.at(-1)?.url.searchParams.get('namespace')).toBe('demo');
    const counted = await api.run(`export -f ${file} -o json`, text(ARCHIVE));
    expect(JSON.parse(counted.stdout)).toEqual({ streams: 7, events: 1, images: 0, unreadable: 0 });
  });

  it('writes the same bytes to standard output', async () => {
    const answer = await api.run('export', text(ARCHIVE));
    expect(answer).toEqual({
      exitCode: 0,
      stdout: ARCHIVE,
      stderr: 'exported 7 streams, 1 event and 0 images\n',
    });
  });

  it('leaves no file behind that is not whole', async () => {
    const answer = await api.run(`export -f ${file}`, text(ARCHIVE.slice(0, -9)));
    expect(answer).toMatchObject({
      exitCode: 1,
      stderr: 'error: the export is cut off: its end is missing\n',
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('fails when a stream could not be read', async () => {
    const answer = await api.run('export', text(archive({ unreadable: 2 })));
    expect(answer.exitCode).toBe(1);
    expect(answer.stderr).toContain('error: 2 streams could not be read and are not in the export');
  });

  it.each([
    ['export -A', 'give either -n or -A, not both'],
    ['export -o json', '-o needs -f FILE: standard output has the export itself'],
    ['export -f /no/such/folder/x', 'cannot write /no/such/folder/x: no such file or directory'],
  ])('is refused: %s', async (line, message) => {
    const answer = await api.run(line, text(ARCHIVE));
    expect(answer).toMatchObject({ exitCode: 1, stderr: `error: ${message}\n` });
  });
});

describe('an export to a terminal', () => {
  it('is refused', async () => {
    const stdout = Object.assign(new PassThrough(), { isTTY: true });
    const stderr = new PassThrough();
    expect(await runCli(['export'], readEnvironment(), { stdout, stderr })).toBe(1);
    stderr.end();
    const told = 'error: an export is for a file or a pipe: say -f FILE\n';
    expect(await readText(stderr)).toBe(told);
  });
});

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
    const restored = NAMES.map((name) => `demo/${name}`);
    const answer = await api.run(
      `import -f ${file}`,
      none,
      begun,
      json(200, { restored, existing: [] }),
    );
    expect(answer).toEqual({ exitCode: 0, stdout: 'imported 7 of 7 streams\n', stderr: '' });
    expect(
      api
        .dialogue()
        .slice(-3)
        .map((line) => line.split('/').at(-1)),
    ).toEqual(['existing', 'begin', 'archive']);
    expect(JSON.parse(api.requests.at(-1)?.body ?? '').entries).toHaveLength(7);
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
    expect(answer.stdout).toBe('7 streams, 1 event and 0 images, 0 there already (dry run)\n');
    const counted = await api.run(`import -f ${file} --dry-run --replace -o json`, some);
    expect(JSON.parse(counted.stdout)).toEqual({ streams: 7, existing: 7 });
  });

  it('says what came to be there meanwhile', async () => {
    given();
    const sent = json(200, { restored: ['demo/a'], existing: ['demo/b'] });
    const answer = await api.run(`import -f ${file}`, none, begun, sent);
    expect(answer).toEqual({
      exitCode: 1,
      stdout: 'imported 1 of 7 streams, 1 stream left as they were\n',
      stderr: 'error: came to be there meanwhile, and left alone: demo/b\n',
    });
  });

  it('says how to go on when the server fails in the middle, and shows how far it is', async () => {
    const pad = 'x'.repeat(600_000);
    given(archive({}, pad));
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
    const answer = await api.run(`import -f ${file} --replace`, begun, refuse(400, status));
    expect(answer.stderr).toBe(`error: ${file}, line 4: stream.checks is not as it should be\n`);
  });

  it.each([
    [
      `import -f ${file} --replace --skip-existing`,
      'give either --replace or --skip-existing, not both',
    ],
    ['import -f /no/such/file', 'cannot read /no/such/file: no such file or directory'],
  ])('is refused: %s', async (line, message) => {
    given();
    expect(await api.run(line, none)).toMatchObject({ exitCode: 1, stderr: `error: ${message}\n` });
  });
});
