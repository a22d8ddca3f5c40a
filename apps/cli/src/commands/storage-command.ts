import type { CollectFlags, StorageFlags } from '../storage/show-storage.ts';
import {
  addCommand,
  addConnectionOptions,
  type CommandLine,
  outputOption,
} from './command-line.ts';

export function addStorageCommand(line: CommandLine): void {
  const command = addCommand(line, 'storage', {
    summary: 'Show the copies of the registry, or take away what nobody needs',
    details:
      'How full the store is, what was served from it since the registry started, and what that saved. "storage collect" takes away copies that no stream refers to and that were not pulled for registry.collectAfter.',
    examples: ['storage', 'storage -o json', 'storage collect --dry-run'],
  });
  addConnectionOptions(
    command
      .addOption(outputOption(['json', 'yaml']))
      .option(
        '--registry <host>',
        'registry to ask, in place of the one that streams say they are pulled from',
      ),
  ).action(
    line.run(async (flags: StorageFlags) => {
      const { showStorage } = await import('../storage/show-storage.ts');
      return showStorage(flags, line.context);
    }),
  );
  const collect = addCommand({ ...line, program: command }, 'collect', {
    summary: 'Take away copies that no stream refers to',
    details: 'With --dry-run it says which ones it would take, and takes none.',
    examples: ['storage collect --dry-run', 'storage collect'],
  });
  addConnectionOptions(
    collect
      .addOption(outputOption(['json', 'yaml']))
      .option(
        '--registry <host>',
        'registry to ask, in place of the one that streams say they are pulled from',
      )
      .option('--dry-run', 'take nothing away'),
  ).action(
    line.run(async (flags: CollectFlags) => {
      const { collectStorage } = await import('../storage/show-storage.ts');
      return collectStorage(flags, line.context);
    }),
  );
}
