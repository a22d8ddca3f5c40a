import { execFileSync } from 'node:child_process';
import {
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text as readText } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readEnvironment } from '../config.ts';
import { runCli } from '../run-cli.ts';
import {
  type Answer,
  openScriptedApi,
  runCommand,
  type ScriptedApi,
} from '../testing/scripted-api.ts';
import { anArchive } from './testing/an-archive.ts';

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

const ARCHIVE = anArchive();

const text =
  (body: string): Answer =>
  (response) =>
    void response.writeHead(200, { 'content-type': 'application/x-ndjson' }).end(body);

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

  it('writes into a device or a pipe, and does not put a file in its place', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const unread = await api.run(`export -f ${pipe}`);
    expect(unread.stderr).toBe(`error: cannot write ${pipe}: nobody reads it\n`);
    const reader = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
    const { stderr } = await api.run(`export -f ${pipe}`, text(ARCHIVE));
    expect(stderr).toContain(`to ${pipe}`);
    expect(readFileSync(reader, 'utf8')).toBe(ARCHIVE);
    closeSync(reader);
    expect(statSync(pipe).isFIFO()).toBe(true);
    rmSync(pipe);
    expect((await api.run('export -f /dev/null', text(ARCHIVE))).exitCode).toBe(0);
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  });

  it('ends by Ctrl-C although the reader of its pipe has stopped reading', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const reader = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
    const long = anArchive({ pad: 'x'.repeat(200_000) });
    const interrupted: Answer = (response, request) => {
      response.once('finish', () => process.emit('SIGINT', 'SIGINT'));
      return text(long)(response, request);
    };
    expect(await api.run(`export -f ${pipe}`, interrupted)).toEqual({
      exitCode: 130,
      stdout: '',
      stderr: '',
    });
    closeSync(reader);
    rmSync(pipe);
  });

  it('asks where to write when it is told nowhere', async () => {
    const { stderr } = await runCommand(['export', '-f', '']);
    expect(stderr).toBe('error: say where to write: -f FILE\n');
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

  it('is whole when another one is written to the same file meanwhile', async () => {
    const begins = Promise.withResolvers<void>();
    const ends = Promise.withResolvers<void>();
    const slow: Answer = async (response) => {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' });
      response.write(ARCHIVE.slice(0, 900));
      begins.resolve();
      await ends.promise;
      response.end(ARCHIVE.slice(900));
    };
    const first = api.run(`export -f ${file}`, slow);
    await begins.promise;
    const other = anArchive({ pad: 'another' });
    expect(await api.run(`export -f ${file}`, text(other))).toMatchObject({ exitCode: 0 });
    expect(readFileSync(file, 'utf8')).toBe(other);
    expect(readdirSync(folder)).toHaveLength(2);
    ends.resolve();
    expect(await first).toMatchObject({ exitCode: 0 });
    expect(readFileSync(file, 'utf8')).toBe(ARCHIVE);
    expect(readdirSync(folder)).toEqual(['backup.jsonl']);
  });

  it('fails when a stream could not be read', async () => {
    const extra = ['x', 'y'].map((name) => ({ unreadable: { namespace: 'demo', name } }));
    const archive = anArchive({ extra, trailer: { unreadable: 2 } });
    const answer = await api.run('export', text(archive));
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
