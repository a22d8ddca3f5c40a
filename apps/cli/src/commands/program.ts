import { Command } from 'commander';
import { addArchiveCommands } from '../archive/archive-commands.ts';
import type { CommandContext } from '../command-context.ts';
import { addDoctorCommand } from '../doctor/doctor-command.ts';
import { versionLine } from '../settings/show-version.ts';
import { addCapacityCommand } from './capacity-command.ts';
import type { CommandLine } from './command-line.ts';
import { addDescribeCommand } from './describe-command.ts';
import { addImportCommand } from './import-command.ts';
import { addServiceCommands } from './service-commands.ts';
import { addSettingsCommands } from './settings-commands.ts';
import { addStatusCommand } from './status-command.ts';
import { addStorageCommand } from './storage-command.ts';
import { addStreamCommands } from './stream-commands.ts';
import { addTagCommands } from './tag-commands.ts';
import { addTrailCommands } from './trail-commands.ts';
import { addUpCommand } from './up-command.ts';

const START = `
To begin with:
  $ tagtrail up --demo                      everything on this machine, with tags that move
  $ tagtrail apply -f stream.yaml           in another terminal
  $ tagtrail get is
  $ tagtrail describe is web
  $ tagtrail history web:latest

"tagtrail COMMAND --help" shows a command's options and an example.`;

/** The whole command line. `outcome` holds the exit code once a command has run. */
export function buildProgram(context: CommandContext): {
  readonly program: Command;
  readonly outcome: { readonly exitCode: number };
} {
  const outcome = { exitCode: 0 };
  const { output } = context;
  const program = new Command('tagtrail')
    .description('Records which digest every container-image tag pointed to, and when it moved.')
    .usage('COMMAND [OPTIONS]')
    .addHelpText('after', START)
    .helpCommand(false)
    // What stands behind `create secret` belongs to that, and not to `create`.
    .enablePositionalOptions()
    .version(versionLine(), '-V, --version', 'show the version of this command')
    .showHelpAfterError("See 'tagtrail --help' for the commands.")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => output.line(text.trimEnd()),
      writeErr: (text) => output.note(text.trimEnd()),
      getOutHasColors: () => output.colors,
      getErrHasColors: () => false,
    });
  const line: CommandLine = {
    program,
    context,
    run: (command) => {
      return async (...given) => {
        outcome.exitCode = await command(...given);
      };
    },
  };
  addUpCommand(line);
  addStreamCommands(line);
  addDescribeCommand(line);
  addImportCommand(line);
  addTagCommands(line);
  addTrailCommands(line);
  addArchiveCommands(line);
  addStatusCommand(line);
  addStorageCommand(line);
  addDoctorCommand(line);
  addCapacityCommand(line);
  addSettingsCommands(line);
  addServiceCommands(line);
  return { program, outcome };
}
