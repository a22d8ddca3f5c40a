import type { Mutator } from './mutator.ts';

/** Deepest indentation that a line is given. */
const INDENT = 12;

const removeLine: Mutator = (text, { random }) => {
  const lines = text.split('\n');
  return lines.toSpliced(random.below(lines.length), 1).join('\n');
};

const repeatLine: Mutator = (text, { random }) => {
  const lines = text.split('\n');
  const line = lines[random.below(lines.length)] ?? '';
  return lines.toSpliced(random.below(lines.length + 1), 0, line).join('\n');
};

const indentLine: Mutator = (text, { random }) => {
  const lines = text.split('\n');
  const at = random.below(lines.length);
  const line = (lines[at] ?? '').trimStart();
  return lines.with(at, ' '.repeat(random.below(INDENT)) + line).join('\n');
};

/** The value after a colon becomes another one. */
const changeValue: Mutator = (text, { random, dictionary }) => {
  const lines = text.split('\n');
  const at = random.below(lines.length);
  const line = (lines[at] ?? '').replace(/: .*$/, () => `: ${random.pick(dictionary)}`);
  return lines.with(at, line).join('\n');
};

/** Changes of a text whose lines mean something, such as YAML or a block of headers. */
export const LINE_MUTATORS: readonly Mutator[] = [removeLine, repeatLine, indentLine, changeValue];
