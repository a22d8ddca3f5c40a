import type { ConnectionFlags } from '../connection/connection-settings.ts';
import {
  addCommand,
  addConnectionOptions,
  type CommandLine,
  outputOption,
} from './command-line.ts';

interface StatusFlags extends ConnectionFlags {
  readonly output?: 'json' | 'yaml';
  readonly watch?: true;
}

export function addStatusCommand(line: CommandLine): void {
  const command = addCommand(line, 'status', {
    summary: 'Show how the service is',
    details:
      'Its processes, what waits, what is late, and what to do about it. Exit code 0 when all is well, 3 when something is not, 1 when the API cannot be asked.',
    examples: [
      'status',
      'status --watch',
      'status -o json',
      'status >/dev/null || echo "look at it"',
    ],
  });
  addConnectionOptions(
    command
      .addOption(outputOption(['json', 'yaml']))
      .option('-w, --watch', 'again each second, until Ctrl-C'),
  ).action(
    line.run(async (flags: StatusFlags) => {
      const { showStatus } = await import('../status/show-status.ts');
      return showStatus(flags, line.context);
    }),
  );
}
