import { type Status, successStatus } from '@tagtrail/apimachinery';
import {
  type CheckStore,
  deleteImageStream,
  type ImageStreamStore,
  type StreamKey,
} from '@tagtrail/image-stream';
import { commitChange } from './commit-change.ts';
import { checkExpectations, type Expectations } from './expectations.ts';
import { imageStreamNamed } from './image-stream-resource.ts';
import { readStream } from './read-stream.ts';

export interface DeleteParts {
  readonly streams: Pick<ImageStreamStore, 'read' | 'commit'>;
  readonly checks: Pick<CheckStore, 'readChecks'>;
}

export interface DeleteRequest {
  readonly key: StreamKey;
  readonly preconditions: Expectations;
  readonly dryRun: boolean;
}

/** Deletes a stream with everything that belongs to it. Answers the Status Success with its uid. Throws StatusError. */
export async function deleteStream(
  parts: DeleteParts,
  { key, preconditions, dryRun }: DeleteRequest,
): Promise<Status> {
  let uid = '';
  const prepare = async () => {
    const current = await readStream(parts.streams, key);
    checkExpectations(current, preconditions);
    uid = current.metadata.uid ?? '';
    return deleteImageStream(current, await parts.checks.readChecks(uid));
  };
  await (dryRun ? prepare() : commitChange(parts.streams, prepare));
  return successStatus({ ...imageStreamNamed(key.name), uid });
}
