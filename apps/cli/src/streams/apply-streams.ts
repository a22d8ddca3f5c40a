import { ApiError, type ImageStreams } from '@tagtrail/api-client';
import type { ImageStream } from '@tagtrail/image-stream';
import type { CommandContext } from '../command-context.ts';
import { sameContent } from '../json-object.ts';
import { asStream } from './create-streams.ts';
import type { PlacedManifest } from './file-streams.ts';
import { findStream } from './find-stream.ts';
import { definitionOf, readLastApplied, withLastApplied } from './last-applied.ts';
import { threeWayMerge } from './three-way-merge.ts';
import type { Written } from './write-each.ts';
import { type WriteFlags, writeFiles } from './write-files.ts';

/** Times that somebody else may write between our read and our write before we give up. Source: kubectl apply. */
const CONFLICT_ATTEMPTS = 5;

/** `apply -f`: makes streams be as the files say. */
export function applyStreams(flags: WriteFlags, context: CommandContext): Promise<number> {
  return writeFiles(
    { flags, write: ({ api }, manifest) => applyStream(api.streams, manifest) },
    context,
  );
}

/** Creates the stream, or merges the definition into it. Throws ApiError. */
export async function applyStream(
  streams: Pick<ImageStreams, 'get' | 'create' | 'replace'>,
  manifest: Pick<PlacedManifest, 'object' | 'name' | 'namespace'>,
): Promise<Written> {
  const wanted = withLastApplied(definitionOf(manifest.object, manifest.namespace));
  for (let attempt = 1; ; attempt += 1) {
    try {
      const live = await findStream(streams, manifest);
      if (live !== undefined) return await mergeInto(streams, live, wanted);
      return { stream: await streams.create(asStream(wanted)), verb: 'created' };
    } catch (error) {
      // 409: somebody changed, created or deleted it in between. What is there now decides.
      if (!hasCode(error, 409) || attempt >= CONFLICT_ATTEMPTS) throw error;
    }
  }
}

async function mergeInto(
  streams: Pick<ImageStreams, 'replace'>,
  live: ImageStream,
  wanted: Readonly<Record<string, unknown>>,
): Promise<Written> {
  const current = { ...live };
  const merged = threeWayMerge(readLastApplied(current), wanted, current);
  // The API version may be spelled `v1` in the file; the server's spelling is no change.
  const next = asStream({ ...merged, apiVersion: live.apiVersion });
  if (sameContent(next, live)) return { stream: live, verb: 'unchanged' };
  const stream = await streams.replace(next);
  const isSame = stream.metadata.resourceVersion === live.metadata.resourceVersion;
  return { stream, verb: isSame ? 'unchanged' : 'configured' };
}

function hasCode(error: unknown, code: number): boolean {
  return error instanceof ApiError && error.code === code;
}
