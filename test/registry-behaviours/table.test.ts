import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NAMED_FAULTS } from '@tagtrail/registry-simulator';
import { describe, expect, it } from 'vitest';
import { ROOT, readDocument, tableRows } from '../docs/read-documents.ts';

const FOLDER = 'test/registry-behaviours';
const BEHAVIOURS = 81;
const MOST_NOT_APPLICABLE = 8;
/** How vitest is told to leave a test out. */
const LEFT_OUT = /\b(?:it|describe)\.(?:skip|todo|only|fails|runIf|skipIf)\b/;

interface NamedTest {
  readonly file: string;
  readonly title: string;
}

const rows = tableRows(readDocument('docs/registry-behaviours.md').text).map(
  ([number = '', , faults = '', , ours = '', tests = '']) => ({
    number: Number(number),
    faults: [...faults.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
    isApplicable: !ours.startsWith('**Not applicable:**'),
    tests: namedTests(tests),
  }),
);

/** `file`: "title", "title"; `file`: "title" */
function namedTests(cell: string): readonly NamedTest[] {
  return cell.split('; `').flatMap((part) => {
    const [, named = ''] = /^`?([\w./-]+\.test\.ts)`/.exec(part) ?? [];
    const file = named.includes('/') ? named : `${FOLDER}/${named}`;
    return [...part.matchAll(/"([^"]+)"/g)].map(([, title = '']) => ({ file, title }));
  });
}

/** Titles of the tests in a file; one that is skipped or to be written is none. */
function titlesIn(file: string): readonly string[] {
  const path = join(ROOT, file);
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const calls = text.matchAll(/^ *(?:it\(|.*\)\()\s*'((?:[^'\\]|\\.)+)'/gm);
  return [...calls].map(([, title = '']) => title);
}

/** Whether a title, whose `%s` stand for anything, may have become this one. */
function isTitle(written: string, title: string): boolean {
  const parts = written.split('%s').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.+')}$`).test(title);
}

describe('docs/registry-behaviours.md', () => {
  it('has a row for each of the 81 behaviours, in order', () => {
    const numbers = Array.from({ length: BEHAVIOURS }, (_, at) => at + 1);
    expect(rows.map(({ number }) => number)).toEqual(numbers);
  });

  it('calls few of them not applicable', () => {
    const others = rows.filter(({ isApplicable }) => !isApplicable);
    expect(others.length).toBeLessThanOrEqual(MOST_NOT_APPLICABLE);
  });

  it('names the faults of each behaviour, all of them', () => {
    const wrong = rows.filter(({ number, faults, isApplicable }) => {
      const known = NAMED_FAULTS.filter(({ behaviour }) => behaviour === number);
      const same = faults.join() === known.map(({ name }) => name).join();
      return !same || faults.length > 0 !== isApplicable;
    });
    expect(wrong).toEqual([]);
  });

  it('names tests that there are', () => {
    const missing = rows
      .flatMap(({ tests }) => tests)
      .filter(({ file, title }) => !titlesIn(file).some((one) => isTitle(one, title)));
    expect(missing).toEqual([]);
    expect(rows.filter((row) => row.isApplicable && row.tests.length === 0)).toEqual([]);
  });

  it('has no test that is left out', () => {
    const left = readdirSync(join(ROOT, FOLDER))
      .filter((file) => file.endsWith('.test.ts'))
      .filter((file) => LEFT_OUT.test(readFileSync(join(ROOT, FOLDER, file), 'utf8')));
    expect(left).toEqual([]);
  });
});

describe('the catalogue', () => {
  it('gives each fault a name of its own, in kebab case, and a number of the table', () => {
    const names = NAMED_FAULTS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name))).toEqual([]);
  });
});
