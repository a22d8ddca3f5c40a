import { describe, expect, it } from 'vitest';
import { runCommand } from '../testing/scripted-api.ts';

describe('a command line that is wrong', () => {
  it.each([
    ['up --port 0', "option '--port <port>' argument '0' is invalid", '1 to 65535'],
    ['up --workers many', "option '--workers <count>' argument 'many' is invalid", '1 to 64'],
    [
      'history web --limit 1.5',
      "option '--limit <count>' argument '1.5' is invalid",
      '1 to 100000',
    ],
  ])('is told what it must be, and where help is: %s', async (line, problem, range) => {
    const [command = ''] = line.split(' ');
    const [low, high] = range.split(' to ');
    expect(await runCommand(line.split(' '))).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `error: ${problem}. It must be a whole number from ${low} to ${high}.\nSee 'tagtrail ${command} --help' for help and examples.\n`,
    });
  });

  it('is told where the commands are when it begins with none', async () => {
    const { exitCode, stderr } = await runCommand(['--verison']);
    expect([exitCode, stderr]).toEqual([
      1,
      "error: unknown option '--verison'\n(Did you mean --version?)\nSee 'tagtrail --help' for the commands.\n",
    ]);
  });

  it('shows examples in the help', async () => {
    const { exitCode, stdout } = await runCommand(['resolve', '--help']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/\nExamples:\n {2}\$ tagtrail resolve web:latest\n/u);
    expect(stdout).toMatch(/\n {2}\$ docker pull "\$\(tagtrail resolve web:latest\)"\n/u);
  });
});

it('every example of every command calls tagtrail', async () => {
  const { stdout } = await runCommand([]);
  const commands = [...stdout.matchAll(/^ {2}([a-z-]+)\b/gmu)].map(([, name = '']) => name);
  expect(stdout).toContain('show the version of this command');
  expect(commands.length).toBeGreaterThan(20);
  for (const command of commands) {
    const { stdout: help } = await runCommand([command, '--help']);
    const examples = help.split('\n').filter((line) => line.startsWith('  $ '));
    expect(examples.length, command).toBeGreaterThan(0);
    for (const example of examples) expect(example).toMatch(/[ (]tagtrail /u);
  }
});

it('the version names what it runs on', async () => {
  const { stdout } = await runCommand(['version']);
  expect((await runCommand(['--version'])).stdout).toBe(stdout);
  const platform = `${process.platform}/${process.arch}`;
  expect(stdout).toMatch(/^tagtrail \d+\.\d+\.\d+ /u);
  expect(stdout).toContain(` (Node ${process.versions.node}, ${platform})`);
  expect(stdout.replace(/ \d+\.\d+\.\d+ /u, ' V ')).toBe(
    `tagtrail V (Node ${process.versions.node}, ${platform})\n`,
  );
});
