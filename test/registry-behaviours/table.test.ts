import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NAMED_FAULTS } from '@tagtrail/registry-simulator';
import { describe, expect, it } from 'vitest';
import { ROOT, readDocument, tableRows } from '../docs/read-documents.ts';

const FOLDER = 'test/registry-behaviours';
const BEHAVIOURS = 81;
const MOST_NOT_APPLICABLE = 8;

interface NamedTest {
  readonly file: string;
  readonly title: string;
}

const rows = tableRows(readDocument('docs/registry-behaviours.md').text).map(
  ([number = '', , faults = '', , ours = '', tests = '']) => ({
    number: Number(number),
    faults: [...faults.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
    isOpen: ours.includes('**Open:**'),
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

/** Titles as they stand in a file, those to be written with `todo`. */
function titlesIn(file: string): readonly { readonly title: string; readonly todo: boolean }[] {
  const path = join(ROOT, file);
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const calls = text.matchAll(/^ *(it\(|it\.todo\(|.*\)\()\s*'((?:[^'\\]|\\.)+)'/gm);
  return [...calls].map(([, call, title = '']) => ({ title, todo: call === 'it.todo(' }));
}

/** Whether a title, whose `%s` stand for anything, may have become this one. */
function isTitle(written: string, title: string): boolean {
  const parts = written.split('%s').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.+')}$`).test(title);
}

const todosOf = (tests: readonly NamedTest[]) =>
  tests.filter(({ file, title }) =>
    titlesIn(file).some((one) => one.todo && isTitle(one.title, title)),
  );

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
      .filter(({ file, title }) => !titlesIn(file).some((one) => isTitle(one.title, title)));
    expect(missing).toEqual([]);
    expect(rows.filter((row) => row.isApplicable && row.tests.length === 0)).toEqual([]);
  });

  it('calls a row open as long as one of its tests is to be written', () => {
    const wrong = rows.filter(({ tests, isOpen }) => todosOf(tests).length > 0 !== isOpen);
    expect(wrong).toEqual([]);
  });

  it('names every test that is to be written', () => {
    const named = rows.flatMap(({ tests }) => todosOf(tests).map(({ title }) => title));
    const written = readdirSync(join(ROOT, FOLDER))
      .flatMap((file) => titlesIn(`${FOLDER}/${file}`))
      .filter(({ todo }) => todo)
      .map(({ title }) => title);
    expect(named.sort()).toEqual(written.sort());
  });
});

describe('the catalogue', () => {
  it('gives each fault a name of its own, in kebab case, and a number of the table', () => {
    const names = NAMED_FAULTS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name))).toEqual([]);
  });
});
