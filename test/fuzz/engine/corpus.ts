import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, '..');

/** A kept text: a seed for others, or one that found a defect once. */
export interface Sample {
  readonly file: string;
  readonly text: string;
}

/** The texts kept for a target, by name; there is at least one. */
export function readCorpus(target: string): readonly [Sample, ...Sample[]] {
  const folder = join(FOLDER, 'corpus', target);
  const [first, ...rest] = readdirSync(folder)
    .toSorted()
    .map((file) => ({ file, text: readFileSync(join(folder, file), 'utf8') }));
  if (first === undefined) throw new Error(`nothing in ${folder}`);
  return [first, ...rest];
}

/** Keeps a failing text outside version control; one that shows a defect belongs in the corpus. */
export function keepFound(target: string, text: string): string {
  const folder = join(FOLDER, 'found');
  mkdirSync(folder, { recursive: true });
  const number = readdirSync(folder).filter((file) => file.startsWith(`${target}-`)).length + 1;
  const file = join(folder, `${target}-${number}.txt`);
  writeFileSync(file, text);
  return file;
}
