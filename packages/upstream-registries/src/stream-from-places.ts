import {
  type BlobRange,
  type BlobSink,
  RegistryError,
  type RegistryProbe,
} from '@tagtrail/registry-client';
import type { Ask } from './mirrored-places.ts';

export interface BlobFromPlaces {
  readonly blob: BlobRange;
  readonly sink: BlobSink;
  readonly client: RegistryProbe;
}

/**
 * One blob out of several places: where one breaks off, the next goes on. `askPlaces` asks one after the other. What comes
 * from several of them is still one content; if its digest is wrong, nobody can tell whose bytes are.
 */
export async function streamFromPlaces(
  askPlaces: (ask: Ask<void>) => Promise<void>,
  { blob, sink, client }: BlobFromPlaces,
): Promise<void> {
  const { digest, size, offset: first = 0 } = blob;
  let offset = first;
  try {
    await askPlaces((place, signal, begun) => {
      const write = (chunk: Buffer) => {
        begun();
        offset += chunk.length;
        return sink.write(chunk);
      };
      return client.streamBlob(place, { digest, size, offset }, { write }, signal);
    });
  } catch (error) {
    // The last place may have sent nothing, after others had.
    throw error instanceof RegistryError && offset > first ? error.resumableAt(offset) : error;
  }
}
