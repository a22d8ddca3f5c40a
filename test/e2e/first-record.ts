import { type ApiClient, createApiClient } from '@tagtrail/api-client';
import { decodeImageStream, type ImageStream } from '@tagtrail/image-stream';
import type { CommandProcess } from './command-process.ts';
import { eventually } from './installation.ts';

/** ms for a process to be ready, and for a new stream's record. */
const LIMIT = 30_000;

/** Resolves with the URL of a service once it answers 200 at its own /readyz; it tells its port in its log. */
export async function untilReady(command: CommandProcess): Promise<string> {
  const [, port] = await command.line(/"url":"http:\/\/[^"]*?:(\d+)"/);
  await command.line(/"msg":"started"/);
  const url = `http://127.0.0.1:${port}`;
  const isReady = async () => (await fetch(`${url}/readyz`)).ok || undefined;
  await eventually(isReady, LIMIT);
  return url;
}

/** Creates a stream with one tag that follows `source`, and resolves with the digest of its first event. */
export async function recordFirstImage(
  api: { readonly server: string; readonly token: string },
  source: string,
): Promise<string> {
  const client = createApiClient(api);
  const image = watchForImage(client);
  await client.streams.create(streamOf(source));
  return image;
}

function streamOf(source: string): ImageStream {
  const from = { kind: 'DockerImage', name: source };
  const decoded = decodeImageStream({
    kind: 'ImageStream',
    metadata: { name: 'web', namespace: 'demo' },
    spec: { tags: [{ name: 'latest', from, importPolicy: { insecure: true } }] },
  });
  if (!decoded.ok) throw new Error(JSON.stringify(decoded.causes));
  return decoded.stream;
}

async function watchForImage({ streams }: ApiClient): Promise<string> {
  const signal = AbortSignal.timeout(LIMIT);
  for await (const { object } of streams.watch({ namespace: 'demo', signal })) {
    const image = object.kind === 'ImageStream' && object.status.tags?.[0]?.items?.[0]?.image;
    if (image) return image;
  }
  throw new Error(`no record within ${LIMIT} ms`);
}
