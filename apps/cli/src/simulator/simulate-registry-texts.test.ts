import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { readEnvironment } from '../config.ts';
import { openOutput } from '../terminal/output.ts';
import { runCommand } from '../testing/scripted-api.ts';
import { simulateRegistry } from './simulate-registry.ts';

async function refused(...args: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await runCommand(['simulate-registry', ...args]);
  expect([exitCode, stdout]).toEqual([1, '']);
  return stderr;
}

describe('simulate-registry', () => {
  it('says how often it can push', async () => {
    expect(await refused('--every', '1ms')).toBe('error: --every: at least 10ms, not 1ms\n');
    expect(await refused('--every', 'often')).toMatch(
      /^error: --every: "often" is not a duration/u,
    );
  });

  it('says how tags are written', async () => {
    expect(await refused('--tag', 'web')).toBe(
      'error: "web" is not REPOSITORY:TAG or REPOSITORY:TAG=PLATFORM,PLATFORM\n',
    );
  });

  it('says which fault there is not, and which was meant', async () => {
    expect(await refused('--fault', 'head-40')).toBe(
      'error: no fault is named "head-40", did you mean "head-404"?\ntagtrail simulate-registry --list-faults shows them all\n',
    );
    expect(await refused('--fault', 'everything')).toMatch(
      /^error: no fault is named "everything"\n/u,
    );
  });

  it('says how a fault is narrowed to some requests', async () => {
    expect(await refused('--fault', 'head-404:every')).toBe(
      'error: --fault head-404: "every" is not KEY=VALUE\n',
    );
    expect(await refused('--fault', 'head-404:evry=2')).toBe(
      'error: --fault head-404: no condition is named "evry", did you mean "every"?\n',
    );
    expect(await refused('--fault', 'head-404:every=often')).toBe(
      'error: --fault head-404: every: must be a whole number from 1 up\n',
    );
  });

  it('shows its faults as a table and as JSON', async () => {
    const table = await runCommand(['simulate-registry', '--list-faults']);
    expect(table.stdout).toMatch(/^FAULT +ROW +AUTH +THE REGISTRY\n/u);
    expect(table.stdout).toMatch(/^head-405 +4 +- +answers HEAD of a manifest with 405$/mu);
    const json = await runCommand(['simulate-registry', '--list-faults', '-o', 'json']);
    expect(JSON.parse(json.stdout)).toContainEqual(
      expect.objectContaining({ name: 'head-405', behaviour: 4 }),
    );
  });

  it('says why it cannot listen', async () => {
    const output = openOutput(
      { stdout: new PassThrough(), stderr: new PassThrough() },
      { noColor: true, onReaderGone: () => undefined },
    );
    const options = { port: 70_000, move: [], tag: [], fault: [], every: '3s' };
    await expect(
      simulateRegistry(options, { output, environment: readEnvironment() }),
    ).rejects.toThrow(
      /^port 70000 on 127\.0\.0\.1 cannot be used: .*; choose another with --port$/u,
    );
  });
});
