import { createApiClient } from '@tagtrail/api-client';
import type { CommandProcess } from './command-process.ts';
import { definition, digestsOf } from './definitions.ts';
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
  const { streams } = createApiClient(api);
  const { resourceVersion = '' } = (await streams.list()).metadata;
  await streams.create(definition('web', { latest: source }));
  const signal = AbortSignal.timeout(LIMIT);
  for await (const { object } of streams.watch({ resourceVersion, signal })) {
    const [image] = object.kind === 'ImageStream' ? digestsOf(object, 'latest') : [];
    if (image !== undefined) return image;
  }
  throw new Error(`no record within ${LIMIT} ms`);
}
