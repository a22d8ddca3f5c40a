import type { CheckState } from './check-state.ts';
import type { ImageStream } from './image-stream.ts';

/** The store's counter at the stream's last commit; 0 for a stream that was never stored. */
export function recordVersion(stream: ImageStream | undefined): number {
  const version = Number(stream?.metadata.resourceVersion ?? 0);
  return Number.isSafeInteger(version) ? version : 0;
}

/**
 * True when the check state belongs to a later definition than the stream does: the two were read one after the other
 * and an edit fell between them. A job made of both would pass the old source off as the new one.
 */
export function isOlderThanCheck(stream: ImageStream, state: CheckState): boolean {
  return recordVersion(stream) < state.generation;
}
