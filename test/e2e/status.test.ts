import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import type { Overview } from '@tagtrail/api-client';
import { openRegistrySimulator, type RegistrySimulator } from '@tagtrail/registry-simulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TAGTRAIL } from './command-process.ts';
import { definition } from './definitions.ts';
import {
  eventually,
  type Installation,
  openInstallation,
  type RunningApp,
} from './installation.ts';
import { CTRL_C, PseudoTerminal } from './pseudo-terminal.ts';
import { runTagtrail } from './run-tagtrail.ts';

/** ms in which a process that was killed must be missing: three seconds of silence and one for the reading. */
const MISSING_LIMIT = 4_000;
/** ms for what takes a second or two, on a busy machine. */
const LIMIT = 20_000;
const ESCAPE = '\u001b[';

let tagtrail: Installation;
let simulator: RegistrySimulator;
let worker: RunningApp;

beforeAll(async () => {
  simulator = await openRegistrySimulator();
  tagtrail = await openInstallation({ api: 1, producer: 1, 'status-writer': 1 });
  worker = await tagtrail.start('worker');
  simulator.push('shop/web', 'latest');
  const sources = { latest: `${simulator.host}/shop/web`, none: `${simulator.host}/shop/none` };
  await tagtrail.client.streams.create(definition('web', sources, { schedule: '1s' }));
});

afterAll(async () => {
  await tagtrail?.[Symbol.asyncDispose]();
  await simulator?.[Symbol.asyncDispose]();
});

function status(...options: readonly string[]) {
  const { server, token } = tagtrail;
  return runTagtrail(['status', ...options], { cwd: tmpdir(), server, token });
}

function connection(): readonly string[] {
  return ['--server', tagtrail.server, '--token', tagtrail.token];
}

/** Waits for an overview that is as wanted. */
function overviewWith(wanted: (overview: Overview) => boolean, limit = LIMIT): Promise<Overview> {
  return eventually(async () => {
    const overview = await tagtrail.client.overview();
    return wanted(overview) ? overview : undefined;
  }, limit);
}

describe('tagtrail status', () => {
  it('shows what runs and how it goes, and answers 0', async () => {
    const overview = await overviewWith(
      ({ services, completedPerSecond, outcomes, detectionLag }) =>
        services.length === 4 &&
        completedPerSecond > 0.5 &&
        outcomes['unchanged'] === 1 &&
        detectionLag !== undefined,
    );
    expect(overview.missing).toEqual([]);
    expect(overview.services.map(({ service, pid }) => [service, pid])).toContainEqual([
      'worker',
      worker.child.pid,
    ]);
    expect(overview.detectionLag?.moves).toBe(1);
    expect(overview.services.every(({ memoryBytes }) => memoryBytes > 10_000_000)).toBe(true);
    const { exitCode, stdout } = await status();
    expect([exitCode, stdout.trimEnd().split('\n').at(-1)]).toEqual([
      0,
      'everything is looked at in time',
    ]);
    for (const name of ['api', 'producer', 'worker', 'status-writer']) {
      expect(stdout).toMatch(new RegExp(`^${name} .*s ago`, 'mu'));
    }
    expect(stdout).toMatch(/^tags +1 unchanged, 1 failing \(\w+\)$/mu);
    expect(JSON.parse((await status('-o', 'json')).stdout)).toMatchObject({ missing: [] });
  });

  it('says within four seconds that a worker was killed, and that it is back after a start', async () => {
    const killed = performance.now();
    await worker.stop('SIGKILL');
    const { services } = await overviewWith(({ missing }) => missing.includes('worker'));
    expect(performance.now() - killed).toBeLessThan(MISSING_LIMIT);
    expect(services.find(({ pid }) => pid === worker.child.pid)?.missing).toBe(true);
    const { exitCode, stdout } = await status();
    expect(exitCode).toBe(3);
    expect(stdout).toMatch(/^worker .*FAILING: none for \d/mu);
    expect(stdout).toContain(
      'FAILING: no worker is running, so no tag is looked at. What to do: start one: tagtrail worker.',
    );
    worker = await tagtrail.start('worker');
    const back = await overviewWith(({ missing }) => missing.length === 0);
    expect(back.services.map(({ service }) => service)).toEqual([
      'api',
      'producer',
      'worker',
      'status-writer',
    ]);
    expect((await status()).exitCode).toBe(0);
  });

  it('never calls a process missing that stopped in good order', async () => {
    const second = await tagtrail.start('worker');
    await overviewWith(({ services }) => services.length === 5);
    await second.stop();
    const { services } = await overviewWith((overview) => overview.services.length < 5);
    expect(services.map(({ missing }) => missing)).toEqual([false, false, false, false]);
  });
});

describe('tagtrail status --watch', () => {
  it('prints a block each second in a pipe, without escape codes', async () => {
    const child = spawn(TAGTRAIL, ['status', '--watch', ...connection()]);
    let shown = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      shown += chunk;
    });
    while ((shown.match(/^SERVICE /gmu) ?? []).length < 2) await once(child.stdout, 'data');
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([130, null]);
    expect(shown).not.toContain(ESCAPE);
  });

  it('draws over itself on a terminal until Ctrl-C', async () => {
    const terminal = new PseudoTerminal(['status', '--watch', ...connection()], {
      columns: 100,
      variables: { NO_COLOR: '1' },
    });
    await terminal.until(
      new RegExp(`${ESCAPE.replace('[', '\\[')}HSERVICE[\\s\\S]*looked at in time`, 'u'),
    );
    terminal.press(CTRL_C);
    expect(await terminal.exited).toBe(130);
    for (const color of [31, 32]) expect(terminal.shown).not.toContain(`${ESCAPE}${color}m`);
  });
});
