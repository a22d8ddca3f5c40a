import { type Command, InvalidArgumentError, Option } from 'commander';
import type { CommandContext } from '../command-context.ts';

/** What a group of commands is added to. Actions import what they need when they run, so that the command line itself starts fast. */
export interface CommandLine {
  readonly program: Command;
  readonly context: CommandContext;
  /** Makes an action of a function that answers the exit code. */
  readonly run: <Given extends unknown[]>(
    command: (...given: Given) => Promise<number>,
  ) => (...given: Given) => Promise<void>;
}

export interface CommandTexts {
  /** For the list of commands. */
  readonly summary: string;
  /** What more there is to know, for the command's own help. */
  readonly details?: string;
  /** Without the `tagtrail` before them, unless it stands elsewhere in the line. */
  readonly examples: readonly string[];
}

/** `docker pull "$(tagtrail …"`, and not the folder of `--data-dir /var/lib/tagtrail`. */
const NAMES_IT = /(?:^|[ (])tagtrail /u;

/** A command with its examples below its options. */
export function addCommand(line: CommandLine, usage: string, texts: CommandTexts): Command {
  const examples = texts.examples
    .map((example) => (NAMES_IT.test(example) ? example : `tagtrail ${example}`))
    .map((example) => `  $ ${example}`)
    .join('\n');
  const path = [...pathOf(line.program), usage.split(' ', 1)[0]].join(' ');
  const heading = texts.examples.length === 1 ? 'Example:' : 'Examples:';
  return line.program
    .command(usage)
    .summary(texts.summary)
    .description([`${texts.summary}.`, texts.details ?? ''].join(' ').trim())
    .addHelpText('after', `\n${heading}\n${examples}`)
    .showHelpAfterError(`See 'tagtrail ${path} --help' for help and examples.`);
}

/** The names of a command and of those that it is below, `tagtrail` itself aside. */
function pathOf(command: Command): readonly string[] {
  return command.parent === null ? [] : [...pathOf(command.parent), command.name()];
}

/** Options of every command that talks to the API. */
export function addConnectionOptions(command: Command): Command {
  return command
    .option('-n, --namespace <namespace>', "namespace to work in, in place of the kubeconfig's")
    .option('--kubeconfig <file>', 'in place of KUBECONFIG and ./.tagtrail/kubeconfig')
    .option('--context <name>', 'context of the kubeconfig, in place of its current one')
    .option('--server <url>', "URL of the API; the kubeconfig's token goes to its own server only")
    .option('--token <token>', 'bearer token for the API');
}

export function outputOption(formats: readonly string[]): Option {
  return new Option('-o, --output <format>', 'how to print it').choices([...formats]);
}

export function fileOption(): Option {
  return new Option(
    '-f, --filename <file...>',
    'YAML or JSON files, folders of them, or - for standard input',
  );
}

/** A whole number within bounds, as the value of an option. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/u.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };
}
