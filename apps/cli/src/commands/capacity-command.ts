import type { CapacityFlags } from '../capacity/read-capacity-wish.ts';
import { addCommand, type CommandLine, outputOption, wholeNumber } from './command-line.ts';

/** More than any installation has: beyond it a typing error is likelier. */
const MOST_TAGS = 1_000_000_000;
const MOST_HOSTS = 1_000_000;
/** Manifest and config of an image have 4 MiB each at most. */
const MOST_IMAGE_BYTES = 8 * 1024 * 1024;

export function addCapacityCommand(line: CommandLine): void {
  addCommand(line, 'plan-capacity', {
    summary: 'Tell what so many tags need',
    details:
      'Processes, Redis memory, growth of its append-only file, and requests to the registries, from costs that were measured. It asks nobody.',
    examples: [
      'plan-capacity --tags 100000 --interval 15m',
      'plan-capacity --tags 5000 --interval 1m --hosts 3 --moves-per-day 10% -o json',
    ],
  })
    .requiredOption('--tags <number>', 'tags that are looked at', wholeNumber(1, MOST_TAGS))
    .option('--interval <duration>', 'time between two looks at a tag', '15m')
    .option(
      '--hosts <number>',
      'registries that share the tags evenly',
      wholeNumber(1, MOST_HOSTS),
      1,
    )
    .option('--moves-per-day <share>', 'share of the tags that move in a day', '2%')
    .option('--latency <duration>', 'time a registry takes to answer', '200ms')
    .option(
      '--image-bytes <bytes>',
      'what an image takes in Redis, in place of the measured size',
      wholeNumber(1, MOST_IMAGE_BYTES),
    )
    .addOption(outputOption(['json', 'yaml']))
    .action(
      line.run(async (flags: CapacityFlags & { readonly output?: 'json' | 'yaml' }) => {
        const { showCapacity } = await import('../capacity/show-capacity.ts');
        return showCapacity(flags, line.context);
      }),
    );
}
