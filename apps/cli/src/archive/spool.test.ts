import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  json,
  openScriptedServer,
  type ScriptedServer,
} from '../../../../packages/api-client/src/testing/scripted-server.ts';
import { ARCHIVE_NAMES, anArchive } from './testing/an-archive.ts';

/** ms for a command to start on a busy machine. */
const LIMIT = 30_000;
const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const RESTORED = ARCHIVE_NAMES.map((name) => `demo/${name}`);
/** Longer than a pipe holds. */
const ARCHIVE = anArchive({ pad: 'x'.repeat(50_000) });

let server: ScriptedServer;
let folder = '';
beforeAll(async () => {
  server = await openScriptedServer();
});
afterAll(async () => server[Symbol.asyncDispose]());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tagtrail-spool-'));
  server.script(
    json(200, { existing: [] }),
    json(200, { keepsVersions: true }),
    json(200, { restored: RESTORED, existing: [] }),
  );
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs a line of shell in which "$@" is the command; what it keeps for a while is in the folder, too. */
function shell(line: string) {
  const command = [process.execPath, MAIN, 'import', '--server', server.url, '--token', 't'];
  const env = { ...process.env, TMPDIR: folder, LC_ALL: 'C' };
  const child = spawn('sh', ['-c', line, 'sh', ...command], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const done = Promise.all([once(child, 'close'), text(child.stdout), text(child.stderr)]);
  return {
    pid: child.pid ?? 0,
    kill: (signal: NodeJS.Signals) => child.kill(signal),
    done: done.then(([[exitCode], stdout, stderr]) => ({ exitCode, stdout, stderr })),
  };
}

function makeFifo(): void {
  execFileSync('mkfifo', [join(folder, 'fifo')]);
}

const whole = { exitCode: 0, stdout: 'imported 7 of 7 streams\n', stderr: '' };

describe('an import of what can be read only once', () => {
  it.each([
    ['standard input by its name', 'cat backup | "$@" -f /dev/stdin'],
    ['another descriptor', 'cat backup | "$@" -f /dev/fd/3 3<&0'],
    ['standard input', 'cat backup | "$@" -f -'],
    ['a named pipe', 'mkfifo fifo; cat backup > fifo & "$@" -f fifo'],
    ['a file by the name of standard input', '"$@" -f /dev/stdin < backup'],
  ])(
    'takes all of it: %s',
    async (_, line) => {
      writeFileSync(join(folder, 'backup'), ARCHIVE);
      expect(await shell(line).done).toEqual(whole);
      expect(readdirSync(folder).filter((name) => name.startsWith('tagtrail'))).toEqual([]);
      expect(JSON.parse(server.requests.at(-1)?.body ?? '').entries).toHaveLength(8);
    },
    LIMIT,
  );

  it(
    'ends with what is no archive and has no end',
    async () => {
      const answer = await shell('"$@" -f /dev/zero').done;
      const told = 'error: /dev/zero has a line longer than 33554432 bytes\n';
      expect(answer).toEqual({ exitCode: 1, stdout: '', stderr: told });
      expect(readdirSync(folder)).toEqual([]);
    },
    LIMIT,
  );
});

// Only /proc of Linux tells from outside that a command waits already; CI runs there.
describe.skipIf(process.platform !== 'linux')('an import that waits', () => {
  const hasOpen = (pid: number, target: RegExp) =>
    readdirSync(`/proc/${pid}/fd`).some((fd) => {
      try {
        return target.test(readlinkSync(`/proc/${pid}/fd/${fd}`));
      } catch {
        return false; // Closed since.
      }
    });

  it.each([
    ['a named pipe that nobody writes to', 'SIGINT', 130, 'exec "$@" -f fifo', /fifo$/],
    ['a named pipe that nobody writes to', 'SIGTERM', 143, 'exec "$@" -f fifo', /fifo$/],
    ['a silent writer', 'SIGINT', 130, 'exec 3<>fifo; exec "$@" -f /dev/fd/3', /archive$/],
    ['a silent standard input', 'SIGTERM', 143, 'exec "$@" -f - <>fifo', /archive$/],
  ] as const)(
    'for %s ends by %s',
    async (_, signal, exitCode, line, opened) => {
      makeFifo();
      const child = shell(line);
      await vi.waitUntil(() => hasOpen(child.pid, opened), { timeout: LIMIT });
      child.kill(signal);
      expect(await child.done).toEqual({ exitCode, stdout: '', stderr: '' });
      expect(readdirSync(folder)).toEqual(['fifo']);
    },
    LIMIT,
  );
});
