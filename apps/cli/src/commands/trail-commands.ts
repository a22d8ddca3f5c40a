import type { ConnectionFlags } from '../connection/connection-settings.ts';
import {
  addCommand,
  addConnectionOptions,
  type CommandLine,
  outputOption,
  wholeNumber,
} from './command-line.ts';

/** Far beyond what anybody reads, and bounded: a history is printed from memory. */
const HISTORY_LIMIT = 100_000;

export interface HistoryFlags extends ConnectionFlags {
  readonly limit: number;
  readonly output?: 'wide' | 'json' | 'yaml';
}

export interface WatchFlags extends ConnectionFlags {
  readonly allNamespaces?: true;
  readonly output?: 'json';
}

/** history and watch: where tags were, and where they go. */
export function addTrailCommands(line: CommandLine): void {
  const history = addCommand(line, 'history <stream:tag>', {
    summary: 'Show where a tag was',
    details:
      'Every image it pointed to and since when, newest first. STREAM alone means its tag latest.',
    examples: ['history web:latest', 'history web:latest --limit 3 -o json'],
  });
  addConnectionOptions(
    history
      .option('--limit <count>', 'at most so many', wholeNumber(1, HISTORY_LIMIT), 50)
      .addOption(outputOption(['wide', 'json', 'yaml'])),
  ).action(
    line.run(async (tag: string, flags: HistoryFlags) => {
      const { showHistory } = await import('../trail/show-history.ts');
      return showHistory(tag, flags, line.context);
    }),
  );
  const watch = addCommand(line, 'watch [stream]', {
    summary: 'Print a line whenever a tag moves',
    details:
      'Until Ctrl-C. A connection that is cut is taken up again where it was; no move is missed.',
    examples: ['watch', 'watch web', 'watch -A -o json'],
  });
  addConnectionOptions(
    watch.option('-A, --all-namespaces', 'in all namespaces').addOption(outputOption(['json'])),
  ).action(
    line.run(async (stream: string | undefined, flags: WatchFlags) => {
      const { watchMoves } = await import('../trail/watch-moves.ts');
      return watchMoves(stream, flags, line.context);
    }),
  );
}
