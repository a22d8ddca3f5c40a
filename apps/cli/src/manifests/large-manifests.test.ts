import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { manifestProblems } from './check-manifest.ts';
import { parseManifests } from './parse-manifests.ts';
import { readManifests } from './read-manifests.ts';

/** More than a call may have arguments. */
const MANY = 130_000;
/** ms: a second or two on a machine that is not busy. */
const PATIENCE = 120_000;

it('says how many keys are there twice, however many they are', { timeout: PATIENCE }, () => {
  const [entry] = parseManifests('a: 1\n'.repeat(MANY), 'f');
  expect(entry?.ok === false ? entry.problems.at(-1) : '').toBe(
    `f: document 1: ${MANY - 1 - 5} more mistakes`,
  );
});

it('reads a file of as many documents as fit', { timeout: PATIENCE }, async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'tagtrail-cli-'));
  try {
    writeFileSync(join(cwd, 'many.yaml'), '--- 1\n'.repeat(MANY));
    const openStdin = () => {
      throw new Error('nobody asked for standard input');
    };
    expect(await readManifests(['many.yaml'], { cwd, openStdin })).toHaveLength(MANY);
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
});

it('finds the lines of a long list beside many other keys in time with their number', {
  timeout: PATIENCE,
}, () => {
  const COUNT = 20_000;
  const keys = Array.from({ length: COUNT }, (_, at) => `k${at}: 0\n`).join('');
  const text = `kind: List\n${keys}items:\n${'- 1\n- {kind: X}\n'.repeat(COUNT / 2)}`;
  const before = process.threadCpuUsage();
  const lines = parseManifests(text, 'f').map((entry) => {
    const [problem = ''] = entry.ok ? manifestProblems(entry.manifest, 'demo') : entry.problems;
    return Number(/line (\d+)/.exec(problem)?.[1]);
  });
  expect(lines).toEqual(Array.from({ length: COUNT }, (_, at) => COUNT + 3 + at));
  // μs of processor time: with the number of pairs of keys and elements it would be half a minute.
  expect(process.threadCpuUsage(before).user).toBeLessThan(6_000_000);
});

it('finds the lines of lists within lists, of aliases, and of a list that was merged in', () => {
  const lineOf = (text: string) =>
    parseManifests(text, 'f').map((entry) =>
      entry.ok ? entry.manifest.lineOf('metadata.name') : 0,
    );
  const inner = '- kind: List\n  items:\n  - metadata: {}\n  -\n    metadata:\n      name: a\n';
  expect(lineOf(`kind: List\nitems:\n${inner}`)).toEqual([5, 8]);
  expect(lineOf('x: &x\n- metadata:\n    name: a\nkind: List\nitems: *x\n')).toEqual([3]);
  expect(lineOf('x: &x\n  items: [{metadata: {name: a}}]\nkind: List\n<<: *x\n')).toEqual([1]);
});
