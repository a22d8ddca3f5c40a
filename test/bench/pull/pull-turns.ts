import { existsSync, rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { MEDIA_TYPE } from '@tagtrail/oci';
import { threadCpuSeconds } from '../thread-cpu-seconds.ts';
import type { Pulled } from './pull-client.ts';
import { APP, LAYER } from './pull-content.ts';
import { type PullSite, placeOf, type Side } from './pull-site.ts';

/** One turn of one side. */
export interface PullTurn extends Pulled {
  /** CPU seconds of the process that served. */
  readonly cpu: number;
}

/** A turn that made a copy. */
export interface ColdTurn extends PullTurn {
  /** s from the request until the copy is in its place and on the disk. */
  readonly stored: number;
}

/** Clients of a cluster that starts: one connection of each node. */
const MANIFEST_CONNECTIONS = 32;
/** Of one turn: half a second or more, so that one collection of garbage does not decide a round. */
const MANIFESTS = 8_000;
/** Pulls of the large layer of one turn, one after the other. */
const BLOBS = 4;
/** ms between looks whether a copy is in its place, and for how long. */
const LOOK_INTERVAL = 2;
const STORE_LIMIT = 60_000;

/** ms after a copy is in its place: its folder is synced, and whoever comes is no more served from the download. */
const SETTLE = 250;

interface Wish {
  readonly repository: string;
  readonly paths: readonly string[];
  readonly count: number;
  readonly connections: number;
}

/** Manifests by tag and by digest in turn, over connections that stay. */
export function pullManifests(site: PullSite, side: Side): Promise<PullTurn> {
  const paths = site.images.flatMap(({ tag, manifest }) =>
    [tag, manifest.digest].map((reference) => `/v2/${APP}/manifests/${reference}`),
  );
  const counts = { count: MANIFESTS, connections: MANIFEST_CONNECTIONS };
  return take(site, side, { repository: APP, paths, ...counts });
}

/** The large layer, which every side has. */
export function pullWarm(site: PullSite, side: Side, parallel = 1): Promise<PullTurn> {
  const counts = { count: parallel === 1 ? BLOBS : parallel, connections: parallel };
  return pullLayer(site, side, { path: '/warm', ...counts });
}

/** The large layer, after its copy was taken away. */
export async function pullCold(
  site: PullSite,
  side: 'tagtrail' | 'floor',
  parallel = 1,
): Promise<ColdTurn> {
  const copy = site.copies[side];
  rmSync(copy, { force: true });
  const { pid } = placeOf(site, side);
  const [began, before] = [performance.now(), threadCpuSeconds(pid)];
  const counts = { count: parallel, connections: parallel };
  const [pulled, stored] = await Promise.all([
    pullLayer(site, side, { path: '/cold', ...counts }),
    untilThere(copy, began),
  ]);
  const cpu = threadCpuSeconds(pid) - before;
  await delay(SETTLE);
  return { ...pulled, stored, cpu };
}

/** s since `began`. */
async function untilThere(path: string, began: number): Promise<number> {
  while (!existsSync(path)) {
    if (performance.now() - began > STORE_LIMIT)
      throw new Error(`${path} is not there after ${STORE_LIMIT} ms`);
    await delay(LOOK_INTERVAL);
  }
  return (performance.now() - began) / 1_000;
}

function pullLayer(
  site: PullSite,
  side: Side,
  { path, ...counts }: { readonly path: string } & Pick<Wish, 'count' | 'connections'>,
): Promise<PullTurn> {
  const paths = [side === 'floor' ? path : site.layerPath];
  return take(site, side, { repository: LAYER, paths, ...counts });
}

async function take(site: PullSite, side: Side, { repository, ...wish }: Wish): Promise<PullTurn> {
  const { host, pid } = placeOf(site, side);
  const headers = {
    accept: MEDIA_TYPE.ociManifest,
    ...(side === 'tagtrail' && {
      authorization: `Bearer ${await site.tagtrail.token(repository)}`,
    }),
  };
  const before = threadCpuSeconds(pid);
  const pulled = await site.client.ask<Pulled>({ host, headers, ...wish });
  return { ...pulled, cpu: threadCpuSeconds(pid) - before };
}
