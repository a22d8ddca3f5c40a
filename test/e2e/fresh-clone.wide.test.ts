import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, ROOT } from './installation.ts';

/** From typing `npm start` on a machine that has nothing, downloads included. */
const FIRST_MOVE_LIMIT = 90_000;
const SECOND_MOVE_LIMIT = 8_000;
const STOP_LIMIT = 5_000;

let folder: string;
let clone: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tagtrail-clone-'));
  clone = join(folder, 'tagtrail');
  execFileSync('git', ['clone', '--quiet', ROOT, clone]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Started {
  readonly child: ChildProcess;
  readonly lines: string[];
  readonly exited: Promise<number | null>;
  /** ms from the start to the first line that matches. */
  said(pattern: RegExp, limit: number): Promise<number>;
}

/** `npm start` as a newcomer types it: no cache, no Redis, no Docker on PATH, a terminal's process group. */
function npmStart(): Started {
  const nodeFolder = execFileSync('sh', ['-c', 'dirname "$(command -v npm)"'], {
    encoding: 'utf8',
  }).trim();
  const began = performance.now();
  const child = spawn('npm', ['start'], {
    cwd: clone,
    detached: true,
    env: { HOME: join(folder, 'home'), PATH: `${nodeFolder}:/usr/local/bin:/usr/bin:/bin` },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  for (const output of [child.stdout, child.stderr]) {
    if (output) createInterface({ input: output }).on('line', (line) => lines.push(line));
  }
  const exited = new Promise<number | null>((resolve) =>
    child.once('exit', (code) => resolve(code)),
  );
  const said = async (pattern: RegExp, limit: number) => {
    const seen = async () => (lines.some((line) => pattern.test(line)) ? true : undefined);
    await eventually(seen, limit).catch(() => {
      throw new Error(`no line ${pattern} within ${limit} ms:\n${lines.join('\n')}`);
    });
    return performance.now() - began;
  };
  return { child, lines, exited, said };
}

/** Command lines of every process that runs out of the clone or on its data. */
function processes(): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        const cwd = execFileSync('readlink', [`/proc/${pid}/cwd`], { encoding: 'utf8' }).trim();
        return command.includes(clone) || cwd.startsWith(clone) ? [`${pid} ${command}`] : [];
      } catch {
        return []; // it ended between the two looks
      }
    });
}

async function noProcessLeft(limit: number): Promise<void> {
  await eventually(async () => (processes().length === 0 ? true : undefined), limit).catch(() => {
    throw new Error(`still there after ${limit} ms:\n${processes().join('\n')}`);
  });
}

const MOVE = /^demo\/\S+ +sha256:[0-9a-f]+… → sha256:[0-9a-f]+… +seen \d+\.\d s after the push/;

describe('npm start in a fresh clone, with an empty HOME and neither Redis nor Docker on PATH', () => {
  it('shows a move within 90 s of typing it, and SIGTERM to npm ends everything', async () => {
    const started = npmStart();
    const took = await started.said(MOVE, FIRST_MOVE_LIMIT);
    process.stdout.write(`first move after ${(took / 1000).toFixed(1)} s\n`);
    started.child.kill('SIGTERM');
    await started.exited;
    await noProcessLeft(STOP_LIMIT);
    expect(execFileSync('git', ['status', '--porcelain'], { cwd: clone, encoding: 'utf8' })).toBe(
      '',
    );
  });

  it('shows a move within 8 s the second time, with the same records, and a doubled Ctrl-C ends it', async () => {
    const started = npmStart();
    const took = await started.said(MOVE, SECOND_MOVE_LIMIT);
    process.stdout.write(`second start: a move after ${(took / 1000).toFixed(1)} s\n`);
    expect(started.lines.filter((line) => line.includes('first seen'))).toEqual([]);
    const began = performance.now();
    process.kill(-(started.child.pid ?? 0), 'SIGINT');
    await started.exited;
    await noProcessLeft(STOP_LIMIT - (performance.now() - began));
  });

  it('leaves no process behind 5 s after up is killed outright', async () => {
    const started = npmStart();
    await started.said(MOVE, SECOND_MOVE_LIMIT);
    const up = processes().find((line) => / up --demo/.test(line) && /main\.ts/.test(line));
    process.kill(Number(up?.split(' ')[0]), 'SIGKILL');
    await noProcessLeft(STOP_LIMIT);
  });
});
