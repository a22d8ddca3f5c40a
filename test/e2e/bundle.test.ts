import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeBundle } from '../../deploy/bundle/write-bundle.ts';
import { ROOT } from './command-process.ts';
import { reachFirstRecord } from './first-record.ts';

/** Scripts in the sources; each must be beside the bundle under its own name. */
function luaFiles(): readonly string[] {
  const files = readdirSync(join(ROOT, 'packages'), { recursive: true, encoding: 'utf8' });
  return files.filter((file) => file.endsWith('.lua') && !file.includes('node_modules'));
}

describe('the bundle', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tagtrail-bundle-'));
  const shipped = join(folder, 'shipped');
  /** Nothing in it, and no modules above it. */
  const empty = join(folder, 'empty');
  const program = join(shipped, 'tagtrail.js');

  beforeAll(async () => {
    await writeBundle(shipped);
    mkdirSync(empty);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('has every Lua script beside it, whole', () => {
    const sources = luaFiles();
    expect(sources.length).toBeGreaterThan(0);
    for (const source of sources) {
      const copy = readFileSync(join(shipped, basename(source)), 'utf8');
      expect(copy, source).toBe(readFileSync(join(ROOT, 'packages', source), 'utf8'));
    }
  });

  it('runs in an empty folder', () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'apps/cli/package.json'), 'utf8'));
    const run = spawnSync(process.execPath, [program, 'version'], {
      cwd: empty,
      encoding: 'utf8',
      env: {},
    });
    expect(run.stderr).toBe('');
    expect(run.stdout).toMatch(new RegExp(`^tagtrail ${version.replaceAll('.', '\\.')} `));
  });

  it('follows a tag from a definition to a record', async () => {
    const run = { program: process.execPath, args: [program], cwd: empty };
    const { push, image, page, exits } = await reachFirstRecord(run);
    expect(push.children.map(({ digest }) => digest)).toContain(image);
    expect(page).toContain('<title>');
    expect(new Set(exits.map(({ code }) => code))).toEqual(new Set([0]));
  });
});
