import { addCommand, type CommandLine, outputOption, wholeNumber } from './command-line.ts';

/** Two workers share the work of a machine well; each runs many imports at once. */
const WORKERS_LIMIT = 64;

interface UpFlags {
  readonly demo?: true;
  readonly dataDir: string;
  readonly port: number;
  readonly registryPort?: number;
  readonly workers: number;
  readonly output?: 'json';
}

export function addUpCommand(line: CommandLine): void {
  addCommand(line, 'up', {
    summary: 'Run everything on this machine',
    details:
      'Redis, API, producer, workers, status writer and registry, each a process of its own. Ctrl-C stops them; the records stay in the data folder. REDIS_URL names a Redis to use in place of a private one.',
    examples: ['up --demo', 'up --data-dir /var/lib/tagtrail --port 8420'],
  })
    .option('--demo', 'apply examples/*.yaml and move their tags in a simulated registry')
    .option(
      '--data-dir <folder>',
      'where records, token, kubeconfig and logs are kept',
      './.tagtrail',
    )
    .option('--port <port>', 'port of the API on 127.0.0.1', wholeNumber(1, 65_535), 8420)
    .option(
      '--registry-port <port>',
      'port of the registry on 127.0.0.1 (default: 5420, or a free one)',
      wholeNumber(1, 65_535),
    )
    .option('--workers <count>', 'worker processes', wholeNumber(1, WORKERS_LIMIT), 2)
    .addOption(outputOption(['json']))
    .action(
      line.run(async (flags: UpFlags) => {
        const { runUp } = await import('../up/run-up.ts');
        return runUp({ ...flags, demo: flags.demo === true }, line.context);
      }),
    );
}
