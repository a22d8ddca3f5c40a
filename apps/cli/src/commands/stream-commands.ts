import type { Command } from 'commander';
import { CliError } from '../cli-error.ts';
import type { ConnectionFlags } from '../connection/connection-settings.ts';
import {
  addCommand,
  addConnectionOptions,
  type CommandLine,
  fileOption,
  outputOption,
} from './command-line.ts';
import { addSecretCommands } from './secret-commands.ts';
import { addTokenCommand } from './token-commands.ts';

type ObjectFormat = 'json' | 'yaml' | 'name';

interface FileFlags extends ConnectionFlags {
  readonly filename: readonly string[];
  readonly output?: ObjectFormat;
  readonly keepGoing?: true;
}

export interface GetFlags extends ConnectionFlags {
  readonly output?: 'wide' | ObjectFormat;
  readonly allNamespaces?: true;
  readonly selector?: string;
  readonly watch?: true;
}

interface DeleteFlags extends ConnectionFlags {
  readonly filename?: readonly string[];
  readonly output?: ObjectFormat;
  readonly ignoreNotFound?: true;
}

const WHAT_TO_CREATE =
  'say what to create: create -f FILE, create secret docker-registry NAME, or create token NAME';

/** create, apply, get, delete: the verbs of kubectl, over image streams, secrets and access tokens. */
export function addStreamCommands(line: CommandLine): void {
  addCreate(line);
  addApply(line);
  addGet(line);
  addDelete(line);
}

function addCreate(line: CommandLine): void {
  const create = addCommand(line, 'create', {
    summary: 'Create image streams from files, secrets, or access tokens',
    details: 'All files are read and checked first; a mistake in one keeps all from being sent.',
    examples: [
      'create -f stream.yaml',
      'create -f - < stream.yaml',
      'create secret docker-registry regcred --docker-username robot',
      'create token ci --role view --expires 30d',
    ],
  });
  withFiles(create, fileOption()).action(
    line.run(async (flags: Partial<FileFlags>) => {
      const { filename } = flags;
      if (filename === undefined) throw new CliError('usage', WHAT_TO_CREATE);
      const { createStreams } = await import('../streams/create-streams.ts');
      return createStreams({ ...flags, filename }, line.context);
    }),
  );
  addSecretCommands(line, create);
  addTokenCommand(line, create);
}

function addApply(line: CommandLine): void {
  withFiles(
    addCommand(line, 'apply', {
      summary: 'Make image streams be as files define them',
      details:
        'Creates them, or changes what differs. What was applied before and is no longer in the file goes; what others added stays.',
      examples: ['apply -f stream.yaml', 'apply -f examples/'],
    }),
  ).action(
    line.run(async (flags: FileFlags) => {
      const { applyStreams } = await import('../streams/apply-streams.ts');
      return applyStreams(flags, line.context);
    }),
  );
}

function withFiles(command: Command, files = fileOption().makeOptionMandatory()): Command {
  return addConnectionOptions(
    command
      .addOption(files)
      .option('--keep-going', 'leave out documents with a mistake and write the others')
      .addOption(outputOption(['json', 'yaml', 'name'])),
  );
}

function addGet(line: CommandLine): void {
  const command = addCommand(line, 'get <kind> [name...]', {
    summary: 'Show image streams, tags, images, secrets, access tokens, or the state of checks',
    details:
      'KIND is "is" for image streams, "istag" for their tags, "isimage" or "image" for images, "secrets", "tokens" for access tokens, or "checks".',
    examples: [
      'get is',
      'get is web -o yaml',
      'get is -A -l app=shop',
      'get is -w',
      'get istag',
      'get checks',
      'get checks web',
    ],
  });
  addConnectionOptions(
    command
      .addOption(outputOption(['wide', 'json', 'yaml', 'name']))
      .option('-A, --all-namespaces', 'of all namespaces')
      .option('-l, --selector <labels>', 'with these labels, e.g. app=shop,tier!=test')
      .option('-w, --watch', 'go on with every change, until Ctrl-C'),
  ).action(
    line.run(async (kind: string, names: readonly string[], flags: GetFlags) => {
      const { getObjects } = await import('../streams/get-objects.ts');
      return getObjects({ kind, names, flags }, line.context);
    }),
  );
}

function addDelete(line: CommandLine): void {
  const command = addCommand(line, 'delete [kind] [name...]', {
    summary: 'Delete image streams or tags with their records, secrets, or access tokens',
    details:
      'By name, or the streams that files define. An access token that is deleted is revoked; it may also be named by its id.',
    examples: [
      'delete is web',
      'delete istag web:1.27',
      'delete secret regcred',
      'delete token ci',
      'delete -f stream.yaml',
    ],
  });
  addConnectionOptions(
    command
      .addOption(fileOption())
      .addOption(outputOption(['json', 'yaml', 'name']))
      .option('--ignore-not-found', 'what is gone already counts as deleted'),
  ).action(
    line.run(async (kind: string | undefined, names: readonly string[], flags: DeleteFlags) => {
      const { deleteStreams } = await import('../streams/delete-streams.ts');
      return deleteStreams({ kind, names, flags }, line.context);
    }),
  );
}
