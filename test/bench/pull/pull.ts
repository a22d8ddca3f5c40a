import { loadavg } from 'node:os';
import type { BenchReport } from '../bench-report.ts';
import { describeMachine } from '../machine.ts';
import { missingPrograms } from '../registry/missing-programs.ts';
import { peakMebibytes, resetPeak, residentMebibytes } from './peak-memory.ts';
import { type MeasuredPulls, type PullMemory, reportPulls } from './pull-report.ts';
import { openPullSite, type PullSite, placeOf, type Side } from './pull-site.ts';
import { pullCold, pullManifests, pullWarm } from './pull-turns.ts';
import type { UpstreamAnswer } from './upstream-server.ts';

/** Rounds, each with a turn of every side: a drifting machine hits all of them. */
const ROUNDS = { manifests: 9, warm: 9, cold: 9 } as const;
/** Rounds before the first that counts: compiled code, records and pages in memory. */
const WARM_UP_ROUNDS = 2;
/** Clients that pull the large layer at once. */
const CROWD = 200;

/**
 * What a pull from Tagtrail's registry costs beside Debian's docker-registry and beside Node alone: manifests, a layer that is
 * there, a layer that must come from upstream first, and the memory for many at once.
 */
export async function pullBench(): Promise<BenchReport> {
  const missing = missingPrograms('docker-registry');
  if (missing !== undefined) throw new Error(`nothing to measure beside: ${missing}`);
  const load = loadavg()[0] ?? 0;
  await using site = await openPullSite();
  const measured: MeasuredPulls = {
    manifests: await inTurns(['tagtrail', 'dockerRegistry'], ROUNDS.manifests, (side) =>
      pullManifests(site, side),
    ).finally(said('manifests')),
    cold: await inTurns(['tagtrail', 'floor'], ROUNDS.cold, (side) => pullCold(site, side)).finally(
      said('cold layers'),
    ),
    warm: await inTurns(['tagtrail', 'dockerRegistry', 'floor'], ROUNDS.warm, (side) =>
      pullWarm(site, side),
    ).finally(said('warm layers')),
    memory: await measureMemory(site).finally(said('memory')),
    dockerRegistryVersion: site.docker.version,
    load,
  };
  return reportPulls(measured, describeMachine(site.tagtrail.redis, 'pnpm bench pull'));
}

/** A turn of each side in every round; who begins changes. */
async function inTurns<S extends Side, T>(
  sides: readonly S[],
  rounds: number,
  take: (side: S) => Promise<T>,
): Promise<readonly Readonly<Record<S, T>>[]> {
  const measured: Readonly<Record<S, T>>[] = [];
  for (let round = -WARM_UP_ROUNDS; round < rounds; round += 1) {
    const first = (round + WARM_UP_ROUNDS) % sides.length;
    const turns: [S, T][] = [];
    for (const side of [...sides.slice(first), ...sides.slice(0, first)]) {
      turns.push([side, await take(side)]);
    }
    if (round >= 0) measured.push(Object.fromEntries(turns) as Record<S, T>);
  }
  return measured;
}

/** All at once: the layer that is there, then the same layer without a copy. */
async function measureMemory(site: PullSite): Promise<PullMemory> {
  const before = residentMebibytes(site.tagtrail.pid);
  const peakOf = async (side: Side, pull: () => Promise<unknown>) => {
    const { pid } = placeOf(site, side);
    resetPeak(pid);
    await pull();
    return peakMebibytes(pid);
  };
  const floor = await peakOf('floor', () => pullWarm(site, 'floor', CROWD));
  const warm = await peakOf('tagtrail', () => pullWarm(site, 'tagtrail', CROWD));
  const asked = await site.upstream.ask<UpstreamAnswer>({ what: 'count' });
  const cold = await peakOf('tagtrail', () => pullCold(site, 'tagtrail', CROWD));
  const answered = await site.upstream.ask<UpstreamAnswer>({ what: 'count' });
  const upstreamRequests = answered.layerRequests - asked.layerRequests;
  return { clients: CROWD, before, warm, cold, floor, upstreamRequests };
}

function said(what: string): () => void {
  return () => void process.stderr.write(`${what}: measured\n`);
}
