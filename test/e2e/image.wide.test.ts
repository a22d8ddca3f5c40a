import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from './command-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'tagtrail-image-'));
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const lines = (text: string) => text.split('\n').filter((line) => /^[^#\s]/.test(line));

/** Files of the checkout that the build gets to see, as `.dockerignore` says. */
function buildContext(): readonly string[] {
  const rules = lines(read('.dockerignore'));
  const allowed = rules.filter((rule) => rule.startsWith('!')).map((rule) => rule.slice(1));
  const names = rules.filter((rule) => rule.startsWith('**/')).map((rule) => rule.slice(3));
  const isRefused = (part: string) =>
    names.some((name) => name === part || (name[0] === '*' && part.endsWith(name.slice(1))));
  const list = ['ls-files', '--cached', '--others', '--exclude-standard'];
  return execFileSync('git', list, { cwd: ROOT, encoding: 'utf8' })
    .trim()
    .split('\n')
    .filter((file) => allowed.some((path) => file === path || file.startsWith(`${path}/`)))
    .filter((file) => !file.split('/').some(isRefused));
}

/** The instructions of the stage `build`, continuation lines joined. */
function buildStage(): readonly string[] {
  const [, stage = ''] = read('Dockerfile').split(/^FROM .*$/m);
  return lines(stage.replaceAll('\\\n', ' '));
}

/** Does here what the engine would do in the stage's folder, on the Node that the image has. */
function carryOut(instruction: string): void {
  const [word = '', ...words] = instruction.split(/ +/);
  if (word === 'COPY') {
    const files = buildContext();
    const sources = words.slice(0, -1);
    const wanted = files.filter((file) => sources.includes('.') || sources.includes(file));
    for (const file of wanted) cpSync(join(ROOT, file), join(folder, file));
  } else if (word === 'RUN') {
    const PATH = [dirname(process.execPath), process.env['PATH']].join(delimiter);
    // The rest of the environment may say how to reach the package registry.
    const env = { ...process.env, PATH, CI: 'true' };
    execFileSync('sh', ['-ec', words.join(' ')], { cwd: folder, env, stdio: 'pipe' });
  } else if (word !== 'WORKDIR') {
    throw new Error(`${instruction}: this test does not know how to do that`);
  }
}

describe('the build stage of the Dockerfile, carried out without a container engine', () => {
  beforeAll(() => {
    expect(basename(process.execPath)).toBe('node');
    for (const instruction of buildStage()) carryOut(instruction);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('makes the bundle that the image starts', () => {
    const program = join(folder, 'dist', 'tagtrail.js');
    const version = execFileSync(process.execPath, [program, 'version'], { encoding: 'utf8' });
    expect(version).toMatch(/^tagtrail \d+\.\d+\.\d+ /);
  });
});
