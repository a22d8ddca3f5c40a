import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Runs a tool of the workspace and answers what it printed and how it ended. */
function run(tool: string, ...args: readonly string[]) {
  const path = join(ROOT, 'node_modules', '.bin', tool);
  const { status, stdout, stderr } = spawnSync(path, args, { cwd: ROOT, encoding: 'utf8' });
  return { status, output: `${stdout}${stderr}` };
}

it('passes lint and format', () => {
  const { status, output } = run('biome', 'ci', '--colors=off', '.');
  expect(status, output).toBe(0);
});

it('passes the type checker', () => {
  const { status, output } = run('tsc', '-b');
  expect(status, output).toBe(0);
});
