import { addCommand, type CommandLine, outputOption, wholeNumber } from './command-line.ts';

type Variables = CommandLine['context']['environment']['variables'];
type RunService = (variables: Variables) => Promise<number>;

/** Each part of the service: its command, what it does, and where its code is. */
const SERVICES: readonly {
  readonly name: string;
  readonly summary: string;
  readonly details: string;
  readonly load: () => Promise<RunService>;
}[] = [
  {
    name: 'api',
    summary: 'Run the API over the records',
    details: 'It answers what kubectl and this command ask, and shows a page with the last moves.',
    load: async () => (await import('@tagtrail/api')).runApi,
  },
  {
    name: 'producer',
    summary: 'Run a producer',
    details: 'It enqueues an import job for every tag that is due.',
    load: async () => (await import('@tagtrail/producer')).runProducer,
  },
  {
    name: 'worker',
    summary: 'Run a worker',
    details: 'It takes import jobs and asks the registries.',
    load: async () => (await import('@tagtrail/worker')).runWorker,
  },
  {
    name: 'status-writer',
    summary: 'Run a status writer',
    details: 'It folds what the workers found into the records.',
    load: async () => (await import('@tagtrail/status-writer')).runStatusWriter,
  },
  {
    name: 'registry',
    summary: 'Run the pull-through registry',
    details:
      'It serves the images of streams to docker, podman and containerd: from its own copies, or from where they come.',
    load: async () => (await import('@tagtrail/registry')).runRegistry,
  },
];

interface SimulateFlags {
  readonly port: number;
  readonly move?: readonly string[];
  readonly tag?: readonly string[];
  readonly fault?: readonly string[];
  readonly listFaults?: true;
  readonly every: string;
  readonly output?: 'json';
}

export function addServiceCommands(line: CommandLine): void {
  for (const { name, summary, details, load } of SERVICES) {
    addCommand(line, name, {
      summary,
      details: `${details} Settings come from the environment and a file; see "tagtrail config".`,
      examples: [`${name} --config tagtrail.yaml`],
    })
      .option('--config <file>', 'settings file, in place of TAGTRAIL_CONFIG')
      .action(
        line.run(async ({ config }: { config?: string }) => {
          const { variables } = line.context.environment;
          const run = await load();
          return run(config === undefined ? variables : { ...variables, TAGTRAIL_CONFIG: config });
        }),
      );
  }
  addSimulateRegistry(line);
}

function addSimulateRegistry(line: CommandLine): void {
  addCommand(line, 'simulate-registry', {
    summary: 'Run a registry with made-up images',
    details:
      'It moves tags by itself, for demos and tests, and keeps a ledger of pushes and requests under /_simulator/.',
    examples: [
      'simulate-registry --move demo/web:latest --every 3s',
      'simulate-registry --port 5000 --tag demo/api:v1=linux/amd64,linux/arm64',
      'simulate-registry --tag demo/web:latest --fault head-404 --fault retry-after-epoch:every=3',
    ],
  })
    .option('--port <port>', 'port on 127.0.0.1; 0 takes a free one', wholeNumber(0, 65_535), 5451)
    .option('--move <repository:tag...>', 'tags to push again and again, one after the other')
    .option('--tag <repository:tag...>', 'tags to push once')
    .option('--fault <name...>', 'how to misbehave; NAME:KEY=VALUE,… narrows it to some requests')
    .option('--list-faults', 'show the names of faults, and start nothing')
    .option('--every <duration>', 'mean time between two pushes', '3s')
    .addOption(outputOption(['json']))
    .action(
      line.run(async ({ move = [], tag = [], fault = [], ...flags }: SimulateFlags) => {
        if (flags.listFaults) {
          const { listFaults } = await import('../simulator/list-faults.ts');
          return listFaults(flags.output, line.context);
        }
        const { simulateRegistry } = await import('../simulator/simulate-registry.ts');
        return simulateRegistry({ ...flags, move, tag, fault }, line.context);
      }),
    );
}
