import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MEDIA_TYPE } from '@tagtrail/oci';
import { answerQuestions } from '../registry/script-child.ts';
import { type BenchImage, type Content, largeImage, smallImages } from './pull-content.ts';

/** `what: 'count'` asks how often the large layer was asked for so far. */
export interface UpstreamQuestion {
  readonly what: 'open' | 'count';
}

export interface UpstreamAnswer {
  /** `127.0.0.1:41234`. */
  readonly host: string;
  readonly layerRequests: number;
}

interface Resource extends Content {
  readonly type: string;
}

const images = [...smallImages(), largeImage()];
const largest = images
  .flatMap(({ blobs }) => blobs)
  .toSorted(bySize)
  .at(-1);
let layerRequests = 0;

/** A registry that has the images in memory and does nothing but answer. */
const server = createServer(answerFrom(new Map(images.flatMap(resourcesOf))));
// Connections stay open while others have their turn.
server.keepAliveTimeout = 0;

function bySize(one: Content, other: Content): number {
  return one.bytes.length - other.bytes.length;
}

function resourcesOf({ repository, tag, manifest, blobs }: BenchImage): [string, Resource][] {
  const root = `/v2/${repository}`;
  const document = { ...manifest, type: MEDIA_TYPE.ociManifest };
  return [
    [`${root}/manifests/${tag}`, document],
    [`${root}/manifests/${manifest.digest}`, document],
    ...blobs.map((blob): [string, Resource] => [
      `${root}/blobs/${blob.digest}`,
      { ...blob, type: 'application/octet-stream' },
    ]),
  ];
}

function answerFrom(resources: ReadonlyMap<string, Resource>): RequestListener {
  return ({ method, url = '' }, response) => {
    const found = resources.get(url);
    if (found === undefined) return void response.writeHead(url === '/v2/' ? 200 : 404).end();
    if (found.digest === largest?.digest) layerRequests += 1;
    response.writeHead(200, {
      'content-type': found.type,
      'content-length': found.bytes.length,
      'docker-content-digest': found.digest,
    });
    if (method === 'HEAD') response.end();
    else response.end(found.bytes);
  };
}

answerQuestions(async ({ what }: UpstreamQuestion): Promise<UpstreamAnswer> => {
  if (what === 'open') {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  }
  const { port } = server.address() as AddressInfo;
  return { host: `127.0.0.1:${port}`, layerRequests };
});
