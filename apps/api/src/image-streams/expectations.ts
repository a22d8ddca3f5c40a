import { conflict, OBJECT_MODIFIED } from '@tagtrail/apimachinery';
import type { ImageStream } from '@tagtrail/image-stream';
import { StatusError } from '../status-error.ts';
import { imageStreamNamed } from './image-stream-resource.ts';

/** What a client expects of the stream it changes; absent or empty = no matter. */
export interface Expectations {
  readonly uid?: string | undefined;
  readonly resourceVersion?: string | undefined;
}

/** Throws StatusError Conflict when the stream is not the one, or not the version, that was expected. */
export function checkExpectations({ metadata }: ImageStream, expected: Expectations): void {
  if (differs(expected.uid, metadata.uid)) {
    const detail = `Precondition failed: UID in precondition: ${expected.uid}, UID in object meta: ${metadata.uid ?? ''}`;
    throw new StatusError(conflict(imageStreamNamed(metadata.name), detail));
  }
  if (differs(expected.resourceVersion, metadata.resourceVersion)) {
    throw new StatusError(conflict(imageStreamNamed(metadata.name), OBJECT_MODIFIED));
  }
}

function differs(expected: string | undefined, actual: string | undefined): boolean {
  return expected !== undefined && expected !== '' && expected !== actual;
}
