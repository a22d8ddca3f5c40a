import { ApiError } from '@tagtrail/api-client';
import type { ImageStream } from '@tagtrail/image-stream';
import type { CommandContext } from '../command-context.ts';
import { indexedField, placeOf } from '../manifests/check-manifest.ts';
import { errorLines } from '../terminal/error-lines.ts';
import { tellWritten, type WriteFormat } from '../terminal/written-objects.ts';
import type { PlacedManifest } from './file-streams.ts';
import { STREAM_RESOURCE } from './resource.ts';

/** What became of one manifest. */
export interface Written {
  readonly stream: ImageStream;
  readonly verb: 'created' | 'configured' | 'unchanged';
}

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
  const written = tellWritten(output, each.format);
  let refused = 0;
  for (const manifest of each.manifests) {
    const outcome = await attempt(each, manifest);
    if (outcome instanceof ApiError) {
      const place = placeOfRefusal(outcome, manifest);
      for (const line of errorLines(outcome)) output.note(`${line} (${place})`);
      refused += 1;
      continue;
    }
    const name = `${STREAM_RESOURCE}/${outcome.stream.metadata.name}`;
    written.add({ line: `${name} ${outcome.verb}`, name, object: outcome.stream });
  }
  written.end();
  return refused === 0 ? 0 : 1;
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

/** The line of the first field that the API objects to, or the one where the object begins. */
function placeOfRefusal({ status }: ApiError, manifest: PlacedManifest): string {
  const field = status.details?.causes?.[0]?.field ?? '';
  return placeOf(manifest, indexedField(field, manifest.object));
}
