import {
  addCommand,
  addConnectionOptions,
  type CommandLine,
  outputOption,
} from '../commands/command-line.ts';
import type { ExportFlags } from './export-archive.ts';
import type { ImportFlags } from './import-run.ts';

/** export and import: backup and restore. */
export function addArchiveCommands(line: CommandLine): void {
  addExport(line);
  addImport(line);
}

function addExport(line: CommandLine): void {
  const command = addCommand(line, 'export', {
    summary: 'Write streams with their whole history to a file',
    details:
      'All of them, or with -n those of a namespace. Secrets with credentials are not in it. "tagtrail import" puts the streams back.',
    examples: ['export -f backup.jsonl', 'tagtrail export | gzip > backup.jsonl.gz'],
  });
  addConnectionOptions(
    command
      .option('-f, --filename <file>', 'where to write it; - is standard output', '-')
      .option('-A, --all-namespaces', 'of all namespaces; so it is without -n')
      .addOption(outputOption(['json'])),
  ).action(
    line.run(async (flags: ExportFlags) => {
      const { exportArchive } = await import('./export-archive.ts');
      return exportArchive(flags, line.context);
    }),
  );
}

function addImport(line: CommandLine): void {
  const command = addCommand(line, 'import', {
    summary: 'Put streams of an export back',
    details:
      'The whole file is checked before anything is written. When a stream is there already, nothing is imported unless an option says what becomes of it. An import that was interrupted goes on with --skip-existing.',
    examples: [
      'import -f backup.jsonl',
      'import -f backup.jsonl --skip-existing',
      'gunzip < backup.jsonl.gz | tagtrail import -f -',
    ],
  });
  addConnectionOptions(
    command
      .requiredOption('-f, --filename <file>', 'the export; - is standard input')
      .option('--skip-existing', 'leave streams alone that are there')
      .option('--replace', 'put the streams of the export in the place of those that are there')
      .option('--dry-run', 'say what an import would do, or why not, and write nothing')
      .addOption(outputOption(['json'])),
  ).action(
    line.run(async (flags: ImportFlags) => {
      const { importArchive } = await import('./import-archive.ts');
      return importArchive(flags, line.context);
    }),
  );
}
