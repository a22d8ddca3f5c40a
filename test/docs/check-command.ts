import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './read-documents.ts';

/** Help texts by subcommand; '' is the command itself. */
const helps = new Map<string, string>();

/** What `tagtrail [subcommand] --help` prints; `create secret` is one that stands below another. */
export function helpOf(subcommand: string): string {
  const known = helps.get(subcommand);
  if (known !== undefined) return known;
  const words = subcommand === '' ? [] : subcommand.split(' ');
  const program = join(ROOT, 'apps', 'cli', 'bin', 'tagtrail');
  const { stdout, stderr } = spawnSync(program, [...words, '--help'], { encoding: 'utf8' });
  helps.set(subcommand, `${stdout}${stderr}`);
  return `${stdout}${stderr}`;
}

/** What is wrong with a command of a document: its subcommand, an option, or a choice; undefined when it is right. */
export function commandProblem(command: string): string | undefined {
  const words = command.replace(/ [<>|].*$/, '').split(/\s+/);
  if (words[0] === 'npx') words.shift();
  const [program, subcommand = '', ...rest] = words;
  if (program === 'npm') return npmProblem(subcommand, rest);
  return program === 'tagtrail' ? tagtrailProblem(subcommand, rest) : undefined;
}

function npmProblem(subcommand: string, [script = '']: readonly string[]): string | undefined {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const name = subcommand === 'run' ? script : subcommand;
  return name in scripts ? undefined : `package.json has no script "${name}"`;
}

function tagtrailProblem(subcommand: string, words: readonly string[]): string | undefined {
  if (/^[A-Z…]/.test(subcommand)) return undefined;
  if (!new RegExp(`^ {2}${subcommand.split(' ', 1)} `, 'm').test(helpOf(''))) {
    return `there is no subcommand "${subcommand}"`;
  }
  const help = helpOf(subcommand);
  const [next = '', ...rest] = words;
  const [, below = ''] = /\nCommands:\n([\s\S]*)/.exec(help) ?? [];
  if (next !== '' && new RegExp(`^ {2}${next} `, 'm').test(below)) {
    return tagtrailProblem(`${subcommand} ${next}`, rest);
  }
  const unknown = words
    .filter((word) => /^--?[a-z]/i.test(word))
    .map((option) => option.replace(/=.*$/, ''))
    .find((option) => !new RegExp(`(^|[ ,])${option}[ ,<]`, 'm').test(help));
  if (unknown !== undefined) return `"${subcommand}" has no option ${unknown}`;
  const wantsNoArgument = !/^Usage: .*[<[](?!options)/m.test(help);
  const extra = wantsNoArgument ? argumentsOf(words, help) : [];
  return extra.length > 0 ? `"${subcommand}" takes no argument "${extra[0]}"` : undefined;
}

/** Words that are neither options nor their values. */
function argumentsOf(words: readonly string[], help: string): readonly string[] {
  return words.filter((word, at) => {
    if (word.startsWith('-') && word !== '-') return false;
    const before = words[at - 1] ?? '';
    const takesValue = new RegExp(`(^|[ ,])${before}[^\\n]*<`, 'm');
    return !(before.startsWith('-') && takesValue.test(help));
  });
}
