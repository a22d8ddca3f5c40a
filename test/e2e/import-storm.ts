import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { ImageStreamImport } from '@tagtrail/api-client';
import type { RegistrySimulator } from '@tagtrail/registry-simulator';
import { runCli } from '../../apps/cli/src/index.ts';
import { definition } from './definitions.ts';
import { eventually, type Installation } from './installation.ts';

/** Tags that a schedule keeps busy with: so many streams of so many tags. */
export const BUSY = { streams: 20, tags: 100, schedule: '30s' } as const;
/** Imports that overlap: so many streams of so many tags, each asked for several times at once. */
export const STORM = { imports: 200, streams: 20, tags: 5 } as const;

/** One `import-image` of the storm. */
export interface StormImport {
  readonly stream: string;
  readonly tag: string;
  readonly exitCode: number;
  readonly answer: ImageStreamImport | undefined;
  readonly stderr: string;
  /** ms from the command's start to its end. */
  readonly took: number;
}

export interface StormSite {
  readonly tagtrail: Pick<Installation, 'server' | 'token' | 'client'>;
  readonly simulator: RegistrySimulator;
}

/** Creates the scheduled tags and waits until each was looked at. */
export async function keepBusy({ tagtrail, simulator }: StormSite): Promise<void> {
  for (let stream = 0; stream < BUSY.streams; stream += 1) {
    const sources: Record<string, string> = {};
    for (let tag = 0; tag < BUSY.tags; tag += 1) {
      // Tags of one repository share a phase; looks that come all at once would leave long pauses.
      const repository = `busy/app-${stream}-${tag}`;
      simulator.push(repository, 'latest');
      sources[`v${tag}`] = `${simulator.host}/${repository}:latest`;
    }
    const { schedule } = BUSY;
    await tagtrail.client.streams.create(definition(`busy${stream}`, sources, { schedule }));
  }
  await eventually(async () => {
    const { items } = await tagtrail.client.checks.list({ namespace: 'demo' });
    const looked = items.flatMap(({ tags }) => tags).filter(({ lastChecked }) => lastChecked);
    return looked.length >= BUSY.streams * BUSY.tags ? true : undefined;
  }, 90_000);
}

/** Scheduled looks since the simulator's requests were cleared. */
export function countBusyLooks({ simulator }: StormSite): number {
  return simulator.requests.filter(({ repository }) => repository?.startsWith('busy/')).length;
}

/** Pushes every tag that the storm imports. */
export function pushStorm({ simulator }: StormSite): void {
  for (let tag = 0; tag < STORM.tags; tag += 1) simulator.push('storm/app', `t${tag}`);
}

/** All imports at once, each a whole command: it reads the stream, decides, imports and prints. */
export function importAll(site: StormSite): Promise<readonly StormImport[]> {
  // Every command listens for Ctrl-C.
  process.setMaxListeners(0);
  const imports = Array.from({ length: STORM.imports }, (_, index) => {
    const stream = `storm${index % STORM.streams}`;
    const tag = `t${Math.floor(index / STORM.streams) % STORM.tags}`;
    return importOne(site, { stream, tag });
  });
  return Promise.all(imports);
}

async function importOne(
  { tagtrail, simulator }: StormSite,
  { stream, tag }: { readonly stream: string; readonly tag: string },
): Promise<StormImport> {
  const from = `${simulator.host}/storm/app:${tag}`;
  const args = ['import-image', `${stream}:${tag}`, `--from=${from}`, '--confirm', '--insecure'];
  const { server, token } = tagtrail;
  const rest = ['-n', 'demo', '-o', 'json', '--server', server, '--token', token];
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const environment = {
    variables: {},
    cwd: '/',
    command: [process.execPath, 'tagtrail'] as const,
    fromSources: true,
    openStdin: () => new PassThrough(),
    openTerminal: () => undefined,
  };
  const start = performance.now();
  const exitCode = await runCli([...args, ...rest], environment, { stdout, stderr });
  const took = performance.now() - start;
  stdout.end();
  stderr.end();
  const printed = await text(stdout);
  const answer = printed === '' ? undefined : (JSON.parse(printed) as ImageStreamImport);
  return { stream, tag, exitCode, answer, stderr: await text(stderr), took };
}
