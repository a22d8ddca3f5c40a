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

  it('says why it cannot listen', async () => {
    const output = openOutput(
      { stdout: new PassThrough(), stderr: new PassThrough() },
      { noColor: true, onReaderGone: () => undefined },
    );
    const options = { port: 70_000, move: [], tag: [], every: '3s' };
    await expect(
      simulateRegistry(options, { output, environment: readEnvironment() }),
    ).rejects.toThrow(
      /^port 70000 on 127\.0\.0\.1 cannot be used: .*; choose another with --port$/u,
    );
  });
});
