import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readEnvironment } from '../config.ts';
import { awaitReady } from './await-ready.ts';
import { type Children, createChildren } from './children.ts';
import { isPortFree } from './free-port.ts';

/** Says that it runs, and takes no notice of SIGTERM. */
const STUBBORN = `
  process.on('SIGTERM', () => undefined);
  setInterval(() => undefined, 60_000);
  console.log(JSON.stringify({ level: 'warn', msg: 'runs' }));
`;

let logs = '';
let said: string[] = [];
/** Resolves when the child runs. */
let runs = Promise.withResolvers<void>();

beforeEach(() => {
  logs = mkdtempSync(join(tmpdir(), 'tagtrail-cli-'));
  said = [];
  runs = Promise.withResolvers();
});

afterEach(() => rmSync(logs, { recursive: true, force: true }));

function openChildren(): Children {
  const command = [process.execPath, '-e', STUBBORN] as const;
  return createChildren({
    environment: { ...readEnvironment(), command },
    logs,
    shownLogs: './logs',
    notices: { say: (line) => said.push(line), warn: () => runs.resolve() },
  });
}

describe('children', () => {
  it('that do not end are killed, and named; whoever waited for them is told', async () => {
    const children = openChildren();
    const plan = {
      name: 'worker-1',
      args: [],
      prepare: async () => ({ variables: {}, readyUrl: 'http://127.0.0.1:1/readyz' }),
    };
    const [child] = children.start([plan]);
    const ready = expect(child?.ready).rejects.toThrow('worker-1 was stopped while starting');
    await runs.promise;
    await children.stop(AbortSignal.abort());
    await ready;
    expect(said).toEqual(['worker-1 did not end in time and had to be killed']);
  });
});

it('an answer that breaks off is no readiness', async () => {
  const server = createServer((socket) => {
    socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf of ');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const looked = once(server, 'connection');
  const stop = new AbortController();
  void looked.then(() => stop.abort());
  expect(await awaitReady(`http://127.0.0.1:${port}/readyz`, stop.signal)).toEqual({
    ok: false,
    reason: 'the answer broke off',
  });
  server.close();
});

it('says why a port cannot be used at all', async () => {
  await expect(isPortFree(70_000)).rejects.toThrow(
    /^cannot listen on port 70000 of 127\.0\.0\.1: /u,
  );
});
