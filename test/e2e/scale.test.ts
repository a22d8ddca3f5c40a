import { openRegistrySimulator, type RegistrySimulator } from '@tagtrail/registry-simulator';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { definition, digestsOf } from './definitions.ts';
import { eventually, type Installation, openInstallation } from './installation.ts';

const STREAMS = 50;
const TAGS_PER_STREAM = 10;
/** Default settings heal what the queue loses within a lease, 2 × 10 s, and one look. */
const HEALED_WITHIN = 30_000;

let tagtrail: Installation;
let simulator: RegistrySimulator;
let redis: Redis;

beforeAll(async () => {
  simulator = await openRegistrySimulator();
  tagtrail = await openInstallation({ api: 1, producer: 2, worker: 3, 'status-writer': 2 });
  redis = connect(tagtrail.redis.url);
});
afterAll(async () => {
  redis.disconnect();
  await tagtrail[Symbol.asyncDispose]();
  await simulator[Symbol.asyncDispose]();
});

function connect(url: string): Redis {
  const { pathname, searchParams } = new URL(url);
  return new Redis({ path: pathname, password: searchParams.get('password') ?? '' });
}

/** When each tag was last looked at, ms; absent until the first time. */
async function lastChecks(): Promise<ReadonlyMap<string, number>> {
  const seen = new Map<string, number>();
  const { items } = await tagtrail.client.checks.list({ namespace: 'demo', limit: 500 });
  for (const { metadata, tags } of items) {
    for (const { tag, lastChecked } of tags) {
      if (lastChecked) seen.set(`${metadata.name}:${tag}`, Date.parse(lastChecked));
    }
  }
  return seen;
}

async function everyTagLookedAt(since: number, limit: number): Promise<void> {
  await eventually(async () => {
    const checks = await lastChecks();
    const fresh = [...checks.values()].filter((at) => at > since).length;
    return fresh === STREAMS * TAGS_PER_STREAM ? true : undefined;
  }, limit);
}

async function deleteKeys(pattern: string): Promise<number> {
  const keys = await redis.keys(pattern);
  return keys.length === 0 ? 0 : redis.del(...keys);
}

describe('two producers, three workers and two status writers on one Redis', () => {
  it('share 500 tags: each is recorded once, with the digest that was pushed', async () => {
    for (let stream = 0; stream < STREAMS; stream += 1) {
      const sources: Record<string, string> = {};
      for (let tag = 0; tag < TAGS_PER_STREAM; tag += 1) {
        simulator.push(`team/app${stream}`, `v${tag}`);
        sources[`v${tag}`] = `${simulator.host}/team/app${stream}:v${tag}`;
      }
      await tagtrail.client.streams.create(definition(`app${stream}`, sources, { schedule: '3s' }));
    }
    await everyTagLookedAt(0, 60_000);
    const { items } = await tagtrail.client.streams.listAll({ namespace: 'demo' });
    const recorded = items.flatMap((stream) =>
      (stream.spec.tags ?? []).map(({ name }) => digestsOf(stream, name)),
    );
    expect(recorded.flat().sort()).toEqual(simulator.pushes.map(({ digest }) => digest).sort());
  });

  it('lose nothing when all keys of the queue are deleted', async () => {
    await eventually(
      async () => ((await deleteKeys('{tagtrail-queue}*')) > 0 ? true : undefined),
      5_000,
    );
    await everyTagLookedAt(Date.now(), HEALED_WITHIN);
  });

  it('lose nothing when only the waiting jobs are deleted', async () => {
    simulator.faults.set({ route: 'manifest' }, { latency: 500 });
    const gone = await eventually(async () => {
      const waiting = await redis.llen('{tagtrail-queue}:imports:wait');
      return waiting > 0 && (await redis.del('{tagtrail-queue}:imports:wait')) > 0
        ? waiting
        : undefined;
    }, 30_000);
    simulator.faults.clear();
    expect(gone).toBeGreaterThan(0);
    await everyTagLookedAt(Date.now(), HEALED_WITHIN);
  });

  it('import the edited reference when an edit comes during an import, and drop the old result', async () => {
    const old = simulator.push('race/old', 'latest');
    const wanted = simulator.push('race/new', 'latest');
    simulator.faults.set({ repository: 'race/old' }, { latency: 1_500 });
    const created = definition('race', { latest: `${simulator.host}/race/old` });
    const stream = await tagtrail.client.streams.create(created);
    await simulator.waitForRequest(({ repository }) => repository === 'race/old');
    const edited = definition('race', { latest: `${simulator.host}/race/new` });
    const { resourceVersion = '' } = stream.metadata;
    await tagtrail.client.streams.replace({
      ...edited,
      metadata: { ...edited.metadata, resourceVersion },
    });
    const asked = () =>
      simulator.requests.filter(({ repository }) => repository === 'race/new').length;
    await eventually(async () => {
      const current = await tagtrail.client.streams.get({ namespace: 'demo', name: 'race' });
      return digestsOf(current, 'latest')[0] === wanted.digest && asked() > 1 ? current : undefined;
    }, 10_000);
    // The old look ends within its latencies; then the log is empty again and must not have moved the tag.
    await eventually(async () => {
      const { results } = await tagtrail.client.queueMetrics();
      const oldLooks = simulator.requests.filter(
        ({ repository }) => repository === 'race/old',
      ).length;
      return oldLooks >= 3 && results.pending === 0 ? true : undefined;
    }, 15_000);
    const current = await tagtrail.client.streams.get({ namespace: 'demo', name: 'race' });
    expect(digestsOf(current, 'latest')).toEqual([wanted.digest]);
    expect(digestsOf(current, 'latest')).not.toContain(old.digest);
  });
});
