import { Option } from 'commander';
import type { ConnectionFlags } from '../connection/connection-settings.ts';
import { addCommand, addConnectionOptions, type CommandLine } from './command-line.ts';

interface DescribeFlags extends ConnectionFlags {
  readonly allNamespaces?: true;
  readonly selector?: string;
  readonly format?: 'table';
}

export function addDescribeCommand(line: CommandLine): void {
  const command = addCommand(line, 'describe <kind> [name...]', {
    summary: 'Tell all about image streams, tags or images',
    details: 'KIND is "is", "istag", "isimage" or "image". The text is that of oc.',
    examples: ['describe is web', 'describe is --format=table', 'describe istag web:latest'],
  });
  addConnectionOptions(
    command
      .option('-A, --all-namespaces', 'of all namespaces')
      .option('-l, --selector <labels>', 'with these labels, e.g. app=shop,tier!=test')
      .addOption(
        new Option(
          '--format <format>',
          'streams, or one tag of them, as OpenShift 3.x showed them',
        ).choices(['table']),
      ),
  ).action(
    line.run(async (kind: string, names: readonly string[], flags: DescribeFlags) => {
      const { describeObjects } = await import('../describe/describe-objects.ts');
      return describeObjects({ kind, names, flags }, line.context);
    }),
  );
}
