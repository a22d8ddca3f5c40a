import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findFreePort } from './free-port.ts';
import { type ChildSurroundings, SupervisedChild } from './supervised-child.ts';

/** A child that is ready at once and ends on SIGTERM. */
const SERVER = `
  const server = require('node:http').createServer((_, response) => response.end('ok'));
  server.listen(Number(process.env.PORT), '127.0.0.1');
  process.on('SIGTERM', () => process.exit(0));
  console.log(JSON.stringify({ level: 'info', msg: 'listening' }));
`;

let logs = '';
let said: string[] = [];
/** Resolves with the next line that is said. */
let nextWord = Promise.withResolvers<string>();
let children: SupervisedChild[] = [];

beforeEach(() => {
  logs = mkdtempSync(join(tmpdir(), 'tagtrail-cli-'));
  said = [];
  nextWord = Promise.withResolvers();
  children = [];
});

afterEach(async () => {
  for (const child of children) child.kill();
  await Promise.all(children.map((child) => child.ended));
  rmSync(logs, { recursive: true, force: true });
});

function say(line: string): void {
  said.push(line);
  nextWord.resolve(line);
  nextWord = Promise.withResolvers();
}

const surroundings = (): ChildSurroundings => ({
  launch: (args, variables) =>
    spawn(process.execPath, ['-e', ...args], {
      env: { ...process.env, ...variables },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    }),
  logs,
  shownLogs: './logs',
  notices: { say, warn: say },
});

function start(script: string, prepared: string[] = []): SupervisedChild {
  const plan = {
    name: 'worker-1',
    args: [script],
    prepare: async () => {
      const port = String(await findFreePort());
      const variables = { PORT: port, TRIAL: String(prepared.push(port)) };
      return { variables, readyUrl: `http://127.0.0.1:${port}/readyz` };
    },
  };
  const child = SupervisedChild.start(plan, surroundings());
  children.push(child);
  return child;
}

/** Waits for the second process, and asks it. */
async function readyAgain(prepared: readonly string[]): Promise<string> {
  const second = await vi.waitUntil(() => prepared[1], { timeout: 10_000 });
  const url = `http://127.0.0.1:${second}/readyz`;
  return vi.waitUntil(
    async () => {
      const response = await fetch(url).catch(() => undefined);
      return response?.text();
    },
    { timeout: 10_000 },
  );
}

describe('SupervisedChild', () => {
  it('is ready when its health server says so, keeps its log, and ends when asked', async () => {
    const child = start(SERVER);
    await child.ready;
    child.terminate();
    await child.ended;
    expect(said).toEqual([]);
    expect(readFileSync(join(logs, 'worker-1.log'), 'utf8')).toContain('listening');
  });

  it('is started again when it ends by itself, and says why in one line', async () => {
    const prepared: string[] = [];
    const crash = "setTimeout(() => { throw new Error('lost its way') }, 50)";
    const child = start(`${SERVER}; if (process.env.TRIAL === '1') ${crash}`, prepared);
    const word = nextWord.promise;
    await child.ready;
    expect(await word).toBe('worker-1 ended (exit code 1: Error: lost its way); starting it again');
    expect(await readyAgain(prepared)).toBe('ok');
  });

  it('is replaced without a word when it shall be renewed', async () => {
    const prepared: string[] = [];
    const child = start(SERVER, prepared);
    await child.ready;
    child.renew();
    expect(await readyAgain(prepared)).toBe('ok');
    expect(said).toEqual([]);
  });

  it('gives up when it keeps ending before it was ever ready', async () => {
    const child = start("console.error('Error: no such setting'); process.exit(3)");
    await expect(child.ready).rejects.toThrow(
      'worker-1 ended 3 times while starting (exit code 3: Error: no such setting); see ./logs/worker-1.log',
    );
    expect(said[0]).toBe('worker-1 ended (exit code 3: Error: no such setting); starting it again');
  });

  it('says warnings of the child, and is quiet about the rest', async () => {
    const warning = JSON.stringify({ level: 'warn', msg: 'slow', err: { message: 'queue' } });
    const child = start(`${SERVER}; console.log(${JSON.stringify(warning)})`);
    const word = nextWord.promise;
    await child.ready;
    expect(await word).toBe('worker-1: warning: slow: queue');
    child.kill();
    await child.ended;
  });
});
