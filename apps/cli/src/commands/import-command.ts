import { Option } from 'commander';
import type { ImportFlags } from '../importing/import-image.ts';
import {
  addCommand,
  addConnectionOptions,
  type CommandLine,
  outputOption,
} from './command-line.ts';

export function addImportCommand(line: CommandLine): void {
  const command = addCommand(line, 'import-image [stream[:tag]]', {
    summary: 'Import images into an image stream now',
    details:
      'Without a tag, the tag latest. The command waits for the outcome; Ctrl-C ends the wait. Exit code 1 when an image could not be imported.',
    examples: [
      'import-image my-ruby --from=docker.io/library/ruby --confirm',
      'import-image my-ruby:3.3',
      'import-image my-ruby:3.4 --from=docker.io/library/ruby:3.4 --scheduled',
      'import-image my-ruby --from=docker.io/library/ruby --all --confirm',
      'import-image my-ruby --all --dry-run',
    ],
  })
    .option('--from <repository>', 'repository or pull spec to import from')
    .option('--confirm', 'create the stream, or let --all change what it imports')
    .option('--all', 'all tags of the repository, or all of the stream that come from a registry')
    .option('--scheduled', 'look at the source again and again')
    .addOption(new Option('--no-scheduled').hideHelp())
    .option('--insecure', 'the registry may have a self-signed certificate or plain HTTP only')
    .addOption(new Option('--no-insecure').hideHelp())
    .option(
      '--reference-policy <policy>',
      'who serves the image of a new tag: source (default) or local',
    )
    .option(
      '--import-mode <mode>',
      'of an index: Legacy (default of a new tag) takes one image, PreserveOriginal all',
    )
    .option('--dry-run', 'look the images up and record nothing')
    .option(
      '--request-timeout <time>',
      'how long to wait, e.g. 30, 90s or 2m; 0 leaves it to the server',
      '0',
    );
  addConnectionOptions(command.addOption(outputOption(['json', 'yaml', 'name']))).action(
    line.run(async (text: string | undefined, flags: ImportFlags) => {
      const { importImage } = await import('../importing/import-image.ts');
      return importImage(text ?? '', flags, line.context);
    }),
  );
}
