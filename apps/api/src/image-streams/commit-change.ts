import { conflict, OBJECT_MODIFIED } from '@tagtrail/apimachinery';
import type { ImageStream, ImageStreamStore, StreamChange } from '@tagtrail/image-stream';
import { StatusError } from '../status-error.ts';
import { imageStreamNamed } from './image-stream-resource.ts';

/** Rounds of read, change and commit; a stream under steady imports settles in one or two. */
const COMMIT_ATTEMPTS = 5;

/**
 * Commits what `prepare` makes of the current stream, anew after each lost race. `prepare` must read the stream itself
 * and throw where the client's expectation does not hold, so a client that gave one is never overruled.
 */
export async function commitChange(
  streams: Pick<ImageStreamStore, 'commit'>,
  prepare: () => Promise<StreamChange>,
): Promise<ImageStream | undefined> {
  let name = '';
  for (let attempt = 1; attempt <= COMMIT_ATTEMPTS; attempt += 1) {
    const change = await prepare();
    const result = await streams.commit(change);
    if (result.kind === 'committed') return result.stream;
    name = change.key.name;
  }
  throw new StatusError(conflict(imageStreamNamed(name), OBJECT_MODIFIED));
}
