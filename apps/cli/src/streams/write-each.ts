import { ApiError } from '@tagtrail/api-client';
import type { ImageStream } from '@tagtrail/image-stream';
import type { CommandContext } from '../command-context.ts';
import { errorLines } from '../terminal/error-lines.ts';
import { formatStructured } from '../terminal/structured-output.ts';
import type { PlacedManifest } from './file-streams.ts';
import { listOf, STREAM_RESOURCE } from './resource.ts';

/** What became of one manifest. */
export interface Written {
  readonly stream: ImageStream;
  readonly verb: 'created' | 'configured' | 'unchanged';
}

export type WriteFormat = 'json' | 'yaml' | 'name';

export interface WriteEach {
  readonly manifests: readonly PlacedManifest[];
  readonly format: WriteFormat | undefined;
  readonly write: (manifest: PlacedManifest) => Promise<Written>;
}

/**
 * Writes one manifest after the other and prints what became of each. One that the API refuses does not keep the
 * others from being written; the exit code is 1 then.
 */
export async function writeEach(each: WriteEach, { output }: CommandContext): Promise<number> {
  const streams: ImageStream[] = [];
  for (const manifest of each.manifests) {
    const outcome = await attempt(each, manifest);
    if (outcome instanceof ApiError) {
      for (const line of errorLines(outcome)) output.note(`${line} (${manifest.place})`);
      continue;
    }
    streams.push(outcome.stream);
    const line = lineOf(outcome, each.format);
    if (line !== undefined) output.line(line);
  }
  if ((each.format === 'json' || each.format === 'yaml') && streams.length > 0) {
    output.line(formatStructured(streams.length === 1 ? streams[0] : listOf(streams), each.format));
  }
  return streams.length === each.manifests.length ? 0 : 1;
}

async function attempt(each: WriteEach, manifest: PlacedManifest): Promise<Written | ApiError> {
  try {
    return await each.write(manifest);
  } catch (error) {
    // Without an answer the next one would wait in vain too.
    if (error instanceof ApiError && error.code !== 0) return error;
    throw error;
  }
}

function lineOf({ stream, verb }: Written, format: WriteFormat | undefined): string | undefined {
  const name = `${STREAM_RESOURCE}/${stream.metadata.name}`;
  if (format === undefined) return `${name} ${verb}`;
  return format === 'name' ? name : undefined;
}
