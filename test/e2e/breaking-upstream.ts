import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';

/** Images, and layers of each. */
const IMAGES = 10;
const LAYERS = 5;
/** Bytes of the smallest and the largest layer. */
const SMALLEST = 200_000;
const LARGEST = 2_000_000;
/** Bytes sent at a time, and ms between: slow enough that a blob is broken off in the middle. */
const PIECE = 64 * 1024;
const PAUSE = 5;
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const CONFIG = 'application/vnd.oci.image.config.v1+json';
const LAYER = 'application/vnd.oci.image.layer.v1.tar';

/** The same content each time, so that an upstream which starts again is the same one. */
export interface UpstreamContent {
  /** By tag `t0`, `t1`, …: manifest as JSON. */
  readonly manifests: ReadonlyMap<string, Buffer>;
  readonly blobs: ReadonlyMap<string, Buffer>;
  /** Digests of the layers: 50. */
  readonly layers: readonly string[];
}

export function upstreamContent(): UpstreamContent {
  const blobs = new Map<string, Buffer>();
  const manifests = new Map<string, Buffer>();
  const layers: string[] = [];
  const keep = (bytes: Buffer) => {
    const digest = sha256(bytes);
    blobs.set(digest, bytes);
    return digest;
  };
  for (let image = 0; image < IMAGES; image += 1) {
    const own = Array.from({ length: LAYERS }, (_, layer) => layerBytes(image * LAYERS + layer));
    const descriptors = own.map((bytes) => ({
      mediaType: LAYER,
      digest: keep(bytes),
      size: bytes.length,
    }));
    layers.push(...descriptors.map(({ digest }) => digest));
    const rootfs = { type: 'layers', diff_ids: descriptors.map(({ digest }) => digest) };
    const config = Buffer.from(
      JSON.stringify({ architecture: 'amd64', os: 'linux', config: {}, rootfs }),
    );
    const described = { mediaType: CONFIG, digest: keep(config), size: config.length };
    const manifest = {
      schemaVersion: 2,
      mediaType: MANIFEST,
      config: described,
      layers: descriptors,
    };
    manifests.set(`t${image}`, Buffer.from(JSON.stringify(manifest)));
  }
  return { manifests, blobs, layers };
}

export function sha256(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** Made of hashes: no two pieces are alike. */
function layerBytes(index: number): Buffer {
  const size = SMALLEST + Math.floor(((LARGEST - SMALLEST) * ((index * 37) % 50)) / 50);
  const pieces: Buffer[] = [];
  for (let at = 0; at < size; at += 64) {
    pieces.push(createHash('sha512').update(`${index} ${at}`).digest());
  }
  return Buffer.concat(pieces).subarray(0, size);
}

/** Serves the content until it is killed; a line on stdout for each blob that is asked for. */
async function serve(port: number): Promise<void> {
  const { manifests, blobs } = upstreamContent();
  const byDigest = new Map([...manifests.values()].map((bytes) => [sha256(bytes), bytes]));
  const server = createServer((request, response) => {
    const { url = '', method } = request;
    const [, reference = ''] = /\/(?:manifests|blobs)\/([^/]+)$/.exec(url) ?? [];
    const manifest = manifests.get(reference) ?? byDigest.get(reference);
    const blob = blobs.get(reference);
    if (url === '/v2/') response.end('{}');
    else if (manifest !== undefined) sendManifest(response, manifest, method === 'HEAD');
    else if (blob !== undefined) void sendBlob(response, blob, request.headers.range);
    else response.writeHead(404).end('{}');
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  process.stdout.write('listening\n');
}

function sendManifest(response: ServerResponse, manifest: Buffer, isHead: boolean): void {
  const headers = { 'content-type': MANIFEST, 'docker-content-digest': sha256(manifest) };
  response.writeHead(200, { ...headers, 'content-length': manifest.length });
  response.end(isHead ? undefined : manifest);
}

async function sendBlob(response: ServerResponse, blob: Buffer, wanted = ''): Promise<void> {
  process.stdout.write(`blob ${sha256(blob)}\n`);
  const start = Number(/^bytes=(\d+)-$/.exec(wanted)?.[1] ?? 0);
  const range = start > 0 && {
    'content-range': `bytes ${start}-${blob.length - 1}/${blob.length}`,
  };
  response.writeHead(range ? 206 : 200, { 'content-length': blob.length - start, ...range });
  await trickle(response, blob.subarray(start));
}

async function trickle(response: ServerResponse, bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.length && !response.destroyed; at += PIECE) {
    response.write(bytes.subarray(at, at + PIECE));
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
  response.end();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await serve(Number(process.argv[2]));
