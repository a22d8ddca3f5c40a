import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FolderLayout } from '../../../packages/blob-store-folder/src/folder-layout.ts';
import { type ScriptChild, startScript } from '../registry/script-child.ts';
import type { BareOrder, BarePlace } from './bare-puller.ts';
import { type DockerRegistry, pushImages, startDockerRegistry } from './docker-registry.ts';
import type { PullOrder } from './pull-client.ts';
import { type BenchImage, LAYER, largeImage, layerOf, smallImages } from './pull-content.ts';
import { openRecordedRegistry, type RecordedRegistry } from './recorded-registry.ts';
import type { UpstreamAnswer, UpstreamQuestion } from './upstream-server.ts';

/** Who serves: ours, Debian's docker-registry, and Node with nothing around it. */
export const SIDES = ['tagtrail', 'dockerRegistry', 'floor'] as const;
export type Side = (typeof SIDES)[number];

/** All sides with the same content, each in a process of its own, and one that asks them. */
export interface PullSite extends AsyncDisposable {
  readonly client: ScriptChild<PullOrder>;
  readonly upstream: ScriptChild<UpstreamQuestion>;
  readonly tagtrail: RecordedRegistry;
  readonly docker: DockerRegistry;
  readonly floor: BarePlace;
  readonly images: readonly BenchImage[];
  /** `/v2/…/blobs/…` of the large layer. */
  readonly layerPath: string;
  /** Where the copy of the large layer appears: a side that has none asks upstream. */
  readonly copies: { readonly tagtrail: string; readonly floor: string };
}

/** Starts everything; `docker-registry` must be on PATH. */
export async function openPullSite(): Promise<PullSite> {
  await using opening = new AsyncDisposableStack();
  const home = mkdtempSync(join(tmpdir(), 'tagtrail-bench-pull-'));
  opening.defer(() => rmSync(home, { recursive: true, force: true }));
  const start = <Question extends object>(script: string) =>
    opening.use(startScript<Question>(new URL(script, import.meta.url)));
  const upstream = start<UpstreamQuestion>('./upstream-server.ts');
  const { host } = await upstream.ask<UpstreamAnswer>({ what: 'open' });
  const [images, large] = [smallImages(), largeImage()];
  const docker = opening.use(await startDockerRegistry(home));
  await pushImages(docker.host, [...images, large]);
  const all = [...images, large];
  const tagtrail = opening.use(await openRecordedRegistry(all, { upstream: host, home }));
  const layer = layerOf(large);
  const layerPath = `/v2/${LAYER}/blobs/${layer.digest}`;
  const bare = join(home, 'bare');
  mkdirSync(bare);
  const [warm, cold] = [join(bare, 'warm'), join(bare, 'cold')];
  writeFileSync(warm, layer.bytes);
  const order = { warm, cold, upstream: `http://${host}${layerPath}`, digest: layer.digest };
  const floor = await start<BareOrder>('./bare-puller.ts').ask<BarePlace>({
    ...order,
    size: layer.bytes.length,
  });
  const client = start<PullOrder>('./pull-client.ts');
  const copies = { tagtrail: new FolderLayout(tagtrail.folder).blob(layer.digest), floor: cold };
  const opened = opening.move();
  return {
    ...{ client, upstream, tagtrail, docker, floor, images, layerPath, copies },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

/** Where a side is, and its process. */
export function placeOf(
  { tagtrail, docker, floor }: PullSite,
  side: Side,
): { readonly host: string; readonly pid: number | undefined } {
  if (side === 'tagtrail') return tagtrail;
  return side === 'floor' ? floor : docker;
}
