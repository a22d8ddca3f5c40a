import { ApiError } from '@tagtrail/api-client';
import { openRegistrySimulator, type RegistrySimulator } from '@tagtrail/registry-simulator';
import { Redis } from 'ioredis';
import { definition, digestsOf } from './definitions.ts';
import {
  eventually,
  type Installation,
  openInstallation,
  type RunningApp,
} from './installation.ts';
import { type CommandResult, runTagtrail } from './run-tagtrail.ts';

/** ms for a record, on a busy machine. */
const LIMIT = 30_000;
/** Older events than a page of a history holds. */
export const OLDER_EVENTS = 1_200;

export const run = (tagtrail: Installation, cwd: string, ...args: string[]) =>
  runTagtrail(args, { cwd, server: tagtrail.server, token: tagtrail.token });

/** The record once its tag `latest` has so many events. */
async function moves(tagtrail: Installation, name: string, count: number) {
  return eventually(async () => {
    const record = await tagtrail.client.streams.get({ namespace: 'demo', name });
    return digestsOf(record, 'latest').length >= count ? record : undefined;
  }, LIMIT);
}

/** A running installation with streams of every kind: moved, failing, suspended, following, with a removed tag. */
export async function openFilledInstallation() {
  const simulator = await openRegistrySimulator();
  const tagtrail = await openInstallation({ api: 1 });
  const apps = new Map<string, RunningApp>();
  const names = ['status-writer', 'worker', 'producer'] as const;
  await Promise.all(names.map(async (name) => apps.set(name, await tagtrail.start(name))));
  const redis = new Redis(tagtrail.redis.url);
  await fill(tagtrail, simulator, redis);
  return {
    simulator,
    tagtrail,
    redis,
    /** Nothing is looked at any more, and everything that was has been recorded. */
    freeze: async (): Promise<void> => {
      await apps.get('producer')?.stop();
      const leases = async () => (await redis.keys('{tagtrail}:leases:*')).length;
      await eventually(async () => ((await leases()) === 0 ? true : undefined), LIMIT);
      await apps.get('worker')?.stop();
      await apps.get('status-writer')?.stop();
    },
    [Symbol.asyncDispose]: async () => {
      redis.disconnect();
      await tagtrail[Symbol.asyncDispose]();
      await simulator[Symbol.asyncDispose]();
    },
  };
}

async function fill(tagtrail: Installation, simulator: RegistrySimulator, redis: Redis) {
  const { streams } = tagtrail.client;
  const source = (repository: string) => `${simulator.host}/${repository}`;
  simulator.push('shop/web', 'latest');
  const from = source('shop/web');
  const web = { latest: from, missing: `${from}:no-such-tag`, old: from };
  await streams.create(definition('web', web, { schedule: '1s' }));
  for (const count of [1, 2, 3]) {
    await moves(tagtrail, 'web', count);
    simulator.push('shop/web', 'latest');
  }
  await moves(tagtrail, 'web', 4);
  await eventually(() => removeOld(tagtrail), LIMIT);
  await streams.create(annotated('still', from, { 'tagtrail.dev/suspend': 'true' }));
  const followed = definition('followed', {});
  const follows = { ...followed.spec, dockerImageRepository: from };
  await streams.create({
    ...followed,
    metadata: { ...followed.metadata, annotations: INSECURE },
    spec: follows,
  });
  await moves(tagtrail, 'followed', 1);
  simulator.push('shop/whole', 'latest', { platforms: ['linux/amd64', 'linux/arm64'] });
  await streams.create(whole(source('shop/whole')));
  await moves(tagtrail, 'whole', 1);
  await addOlderEvents(redis);
}

/** Undefined while somebody else writes the stream. */
async function removeOld({ client: { streams } }: Installation) {
  const { spec, ...rest } = await streams.get({ namespace: 'demo', name: 'web' });
  const tags = spec.tags?.filter(({ name }) => name !== 'old') ?? [];
  return streams.replace({ ...rest, spec: { ...spec, tags } }).catch((error: unknown) => {
    if (error instanceof ApiError && error.code === 409) return undefined;
    throw error;
  });
}

const INSECURE = { 'openshift.io/image.insecureRepository': 'true' };

function annotated(name: string, from: string, annotations: Readonly<Record<string, string>>) {
  const made = definition(name, { latest: from });
  return { ...made, metadata: { ...made.metadata, annotations } };
}

/** An index that is kept with all its images. */
function whole(from: string) {
  const made = definition('whole', { latest: from });
  const tags = made.spec.tags?.map((tag) => ({
    ...tag,
    importPolicy: { ...tag.importPolicy, importMode: 'PreserveOriginal' as const },
  }));
  return { ...made, spec: { ...made.spec, tags: tags ?? [] } };
}

/** As a tag has them that moved for years. */
async function addOlderEvents(redis: Redis): Promise<void> {
  const uid = (await redis.hget('{tagtrail}:is:demo/web', 'uid')) ?? '';
  const history = `{tagtrail}:history:${uid}:latest`;
  const [newest = '[]'] = await redis.lrange(history, 0, 0);
  const [, ...event] = JSON.parse(newest) as unknown[];
  const older = Array.from({ length: OLDER_EVENTS }, (_, age) => {
    const created = new Date(Date.UTC(2025, 0, 1) - age * 60_000).toISOString();
    return JSON.stringify([created.replace('.000', ''), ...event]);
  });
  await redis.rpush(history, ...older);
}

/** What can be read of an installation by command, and what is due when. */
export async function readAll(tagtrail: Installation, cwd: string) {
  const redis = new Redis(tagtrail.redis.url);
  try {
    const told: Record<string, unknown> = {};
    const commands = [
      'get is -A -o json',
      'get checks -A -o json',
      'get is web -n demo -o yaml',
      'history web:latest -n demo --limit 100000 -o json',
      'history followed:latest -n demo -o json',
    ];
    for (const command of commands)
      told[command] = shown(await run(tagtrail, cwd, ...command.split(' ')));
    for (const key of (await redis.keys('{tagtrail}:due:*')).concat('{tagtrail}:hosts')) {
      told[key] = await redis.zrange(key, '0', '-1', 'WITHSCORES');
    }
    told['outcomes'] = await redis.hgetall('{tagtrail}:outcomes');
    const removed = (await redis.keys('{tagtrail}:history:*:old'))[0] ?? 'none';
    told[removed] = await redis.lrange(removed, 0, -1);
    return told;
  } finally {
    redis.disconnect();
  }
}

function shown({ exitCode, stdout, stderr }: CommandResult): string {
  if (exitCode !== 0) throw new Error(stderr);
  return stdout;
}
