import type { ImageStream, StreamEvent, StreamKey } from '@tagtrail/image-stream';
import { type Selection, selects } from './selection.ts';

export type ChangeType = 'ADDED' | 'MODIFIED' | 'DELETED';

/** A change as one watcher sees it. */
export interface SeenChange {
  readonly type: ChangeType;
  readonly stream: ImageStream;
}

/** An entry of the change log, with the frame that every watcher without a transition of its own shares. */
export interface Change {
  readonly resourceVersion: string;
  readonly key: StreamKey;
  readonly before: ImageStream | undefined;
  readonly after: ImageStream | undefined;
  readonly seen: SeenChange;
  readonly frame: Uint8Array;
}

const encoder = new TextEncoder();

/** Makes a change ready to be sent; its frame is serialised once, here. Undefined for an entry that says nothing. */
export function createChange(event: StreamEvent): Change | undefined {
  const { resourceVersion, key } = event;
  const before = event.before && atVersion(event.before, resourceVersion);
  // A stream that came back from an archive may have kept its version; everywhere else it is that of the change.
  const after = event.after;
  const seen = seeChange(before, after);
  if (seen === undefined) return undefined;
  return { resourceVersion, key, before, after, seen, frame: encodeFrame(seen.type, seen.stream) };
}

/**
 * What a watcher of `selection` sees of a change: a stream that comes to match is ADDED, one that ceases to is
 * DELETED in its last matching form, at the version of the change. Source: Kubernetes watch cache.
 */
export function selectChange(selection: Selection, change: Change): SeenChange | undefined {
  const matching = (stream: ImageStream | undefined) =>
    stream !== undefined && selects(selection, stream) ? stream : undefined;
  const before = matching(change.before);
  const after = matching(change.after);
  if (before === change.before && after === change.after) return change.seen;
  return seeChange(before, after);
}

/** One frame of a watch: a line of JSON. */
export function encodeFrame(type: ChangeType | 'BOOKMARK' | 'ERROR', object: unknown): Uint8Array {
  return encoder.encode(`${JSON.stringify({ type, object })}\n`);
}

function seeChange(
  before: ImageStream | undefined,
  after: ImageStream | undefined,
): SeenChange | undefined {
  if (after !== undefined)
    return { type: before === undefined ? 'ADDED' : 'MODIFIED', stream: after };
  return before === undefined ? undefined : { type: 'DELETED', stream: before };
}

function atVersion(stream: ImageStream, resourceVersion: string): ImageStream {
  if (stream.metadata.resourceVersion === resourceVersion) return stream;
  return { ...stream, metadata: { ...stream.metadata, resourceVersion } };
}
