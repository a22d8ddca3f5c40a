import { openRegistrySimulator, type RegistrySimulator } from '@tagtrail/registry-simulator';
import { Redis } from 'ioredis';
import { definition } from '../../e2e/definitions.ts';
import {
  eventually,
  type Installation,
  openInstallation,
  type RunningApp,
} from '../../e2e/installation.ts';

/** Registries that the tags are spread over: so many that their caps (`import.perHost`) do not hold the workers up. */
export const REGISTRIES = 32;
/** Tags of one stream, all of one repository, as a team that follows an application has them. */
export const TAGS_PER_STREAM = 20;
/** Streams created at once. */
const CREATED_AT_ONCE = 16;
/** ms for the first import of everything; some 450 tags a second on two cores. */
const firstImportLimit = (tags: number) => 150_000 + tags * 10;
/** ms for one stream to get another schedule. */
const RESCHEDULE_LIMIT = 10_000;
/** HTTP's code for a write that came too late. */
const CONFLICT = 409;
/** Processes as docker-compose.yml starts them. */
export const PROCESSES = { api: 1, producer: 1, worker: 1, 'status-writer': 1 } as const;
/** Shorter than any round of all tags takes: something is always due, and the pipeline runs as fast as it can. */
const FULL_SPEED = '1s';
/** Looks a second at the steady pace, which leaves the machine time to breathe; 100,000 tags on 15 min are 111. */
const STEADY_RATE = 400;
/** ms; shortest interval at the steady pace. */
const SHORTEST_INTERVAL = 5_000;

/** A running installation with all its tags imported, and the registries that it asks. */
export interface PipelineSite extends AsyncDisposable {
  readonly tagtrail: Installation;
  readonly apps: readonly RunningApp[];
  readonly simulators: readonly RegistrySimulator[];
  readonly redis: Redis;
  readonly socket: { readonly path: string; readonly password: string };
  /** Bytes that Redis used before there was anything of ours. */
  readonly emptyBytes: number;
  readonly tags: number;
  /** ms between two looks at a tag at the steady pace. */
  readonly interval: number;
}

/** Of one tag: where it is pushed. */
export interface PipelineTag {
  readonly simulator: RegistrySimulator;
  readonly repository: string;
  readonly tag: string;
  readonly stream: string;
}

export interface PipelineWish {
  readonly tags: number;
  /** Worker processes; one by default. */
  readonly workers?: number;
  /** Of every tag; as fast as the pipeline can by default. */
  readonly schedule?: string;
}

export async function openPipelineSite({
  tags: wanted,
  workers = PROCESSES.worker,
  schedule = FULL_SPEED,
}: PipelineWish): Promise<PipelineSite> {
  const simulators = await Promise.all(
    Array.from({ length: REGISTRIES }, () => openRegistrySimulator()),
  );
  const tagtrail = await openInstallation({});
  const socket = socketOf(tagtrail.redis.url);
  const redis = new Redis(socket);
  const emptyBytes = await usedBytes(redis);
  const apps: RunningApp[] = [];
  const processes = { ...PROCESSES, worker: workers };
  for (const [name, count] of Object.entries(processes) as [RunningApp['name'], number][]) {
    for (let one = 0; one < count; one += 1) apps.push(await tagtrail.start(name));
  }
  const tags = Math.ceil(wanted / TAGS_PER_STREAM) * TAGS_PER_STREAM;
  const interval = Math.max(SHORTEST_INTERVAL, Math.ceil(tags / STEADY_RATE) * 1_000);
  const site: PipelineSite = {
    ...{ tagtrail, apps, simulators, redis, socket, emptyBytes, tags, interval },
    async [Symbol.asyncDispose]() {
      redis.disconnect();
      await tagtrail[Symbol.asyncDispose]();
      await Promise.all(simulators.map((simulator) => simulator[Symbol.asyncDispose]()));
    },
  };
  try {
    await importEverything(site, schedule);
    return site;
  } catch (error) {
    await site[Symbol.asyncDispose]();
    throw error;
  }
}

/** Tag number `index` of the site. */
export function pipelineTag({ simulators }: PipelineSite, index: number): PipelineTag {
  const stream = Math.floor(index / TAGS_PER_STREAM);
  const simulator = simulators[stream % simulators.length];
  if (simulator === undefined) throw new Error('there is no registry');
  const tag = `v${index % TAGS_PER_STREAM}`;
  return { simulator, repository: `team/app-${stream}`, tag, stream: `app-${stream}` };
}

export async function usedBytes(redis: Redis): Promise<number> {
  return Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1] ?? 0);
}

async function importEverything(site: PipelineSite, schedule: string): Promise<void> {
  const streams = site.tags / TAGS_PER_STREAM;
  for (let first = 0; first < streams; first += CREATED_AT_ONCE) {
    const count = Math.min(CREATED_AT_ONCE, streams - first);
    await Promise.all(
      Array.from({ length: count }, (_, at) => createStream(site, schedule, first + at)),
    );
  }
  await eventually(async () => {
    const events = await countEvents(site);
    return events >= site.tags ? true : undefined;
  }, firstImportLimit(site.tags));
}

async function createStream(site: PipelineSite, schedule: string, stream: number): Promise<void> {
  const sources: Record<string, string> = {};
  for (let at = 0; at < TAGS_PER_STREAM; at += 1) {
    const { simulator, repository, tag } = pipelineTag(site, stream * TAGS_PER_STREAM + at);
    simulator.push(repository, tag, { seed: repository });
    sources[tag] = `${simulator.host}/${repository}:${tag}`;
  }
  const wanted = definition(`app-${stream}`, sources, { schedule });
  await site.tagtrail.client.streams.create(wanted);
}

/** From now on every tag is looked at once per interval, and between two looks it is idle. */
export async function slowDown(site: PipelineSite): Promise<void> {
  const { streams } = site.tagtrail.client;
  const schedule = `${site.interval / 1_000}s`;
  for (let stream = 0; stream < site.tags / TAGS_PER_STREAM; stream += 1) {
    const key = { namespace: 'demo', name: `app-${stream}` };
    await eventually(() => reschedule(streams, key, schedule), RESCHEDULE_LIMIT);
  }
}

/** Undefined when somebody else wrote in between. */
async function reschedule(
  streams: PipelineSite['tagtrail']['client']['streams'],
  key: { readonly namespace: string; readonly name: string },
  schedule: string,
): Promise<true | undefined> {
  const current = await streams.get(key);
  const annotations = { ...current.metadata.annotations, 'tagtrail.dev/schedule': schedule };
  try {
    await streams.replace({ ...current, metadata: { ...current.metadata, annotations } });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === CONFLICT) return undefined;
    throw error;
  }
}

/** Histories that hold an event. */
async function countEvents({ redis, tags }: PipelineSite): Promise<number> {
  const scheduled = await redis.zcard('{tagtrail}:names');
  if (scheduled * TAGS_PER_STREAM < tags) return 0;
  let [cursor, found] = ['0', 0];
  do {
    const [next, keys] = await redis.scan(cursor, 'MATCH', '{tagtrail}:history:*', 'COUNT', 5_000);
    cursor = next;
    found += keys.length;
  } while (cursor !== '0');
  return found;
}

function socketOf(url: string): PipelineSite['socket'] {
  const parsed = new URL(url);
  const password = parsed.searchParams.get('password') ?? '';
  return { path: decodeURIComponent(parsed.pathname), password };
}
