import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from './command-process.ts';
import { reachFirstRecord } from './first-record.ts';

/** The oldest Node on which the sources run; `apps/cli/bin/node24` takes it where the pinned one cannot be had. */
const FLOOR = '22.19.0';
/** The package that holds Node's binary for this machine. */
const PACKAGE = `node-${process.platform}-${process.arch}`;

describe(`the service on Node ${FLOOR}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'tagtrail-node-'));
  const node = join(folder, 'node_modules', PACKAGE, 'bin', 'node');

  beforeAll(() => {
    const args = ['install', '--prefix', folder, '--no-save', `${PACKAGE}@${FLOOR}`];
    execFileSync('npm', args, { stdio: 'pipe' });
    expect(execFileSync(node, ['--version'], { encoding: 'utf8' }).trim()).toBe(`v${FLOOR}`);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('follows a tag from a definition to a record', async () => {
    const main = join(ROOT, 'apps', 'cli', 'src', 'main.ts');
    const { push, image, exits } = await reachFirstRecord({ program: node, args: [main] });
    expect(push.children.map(({ digest }) => digest)).toContain(image);
    expect(new Set(exits.map(({ code }) => code))).toEqual(new Set([0]));
  });
});
