import type { CheckState } from './check-state.ts';
import { IMAGE_API_VERSION, type ImageStream, type TagReference } from './image-stream.ts';
import type { StreamChange, StreamKey } from './image-stream-store.ts';
import { statusTag } from './importable.ts';
import {
  createImageStream,
  replaceImageStream,
  type StreamWrite,
  type WriteContext,
} from './write-image-stream.ts';

/** One spec tag to be set in a stream that may not exist yet. */
export interface TagUpsert {
  readonly key: StreamKey;
  readonly tag: TagReference;
}

export type TagContext = WriteContext & { readonly checks: ReadonlyMap<string, CheckState> };

/** The stream as a client would send it who sets one spec tag; a new one where there is none. */
export function withTag(current: ImageStream | undefined, { key, tag }: TagUpsert): ImageStream {
  if (current === undefined) return streamOf(key, tag);
  const others = (current.spec.tags ?? []).filter(({ name }) => name !== tag.name);
  const tags = [...others, tag].sort((a, b) => (a.name < b.name ? -1 : 1));
  return { ...current, spec: { ...current.spec, tags } };
}

/**
 * Sets one spec tag and leaves the others alone; creates the stream when there is none. Source: OpenShift's
 * ImageStreamTag storage.
 */
export function upsertTag(
  current: ImageStream | undefined,
  upsert: TagUpsert,
  context: TagContext,
): StreamWrite {
  const input = withTag(current, upsert);
  return current === undefined
    ? createImageStream(input, context)
    : replaceImageStream(current, input, context);
}

/**
 * Takes a tag out of the spec and the status, and forgets its check. Undefined when the stream has it in neither.
 * The whole history stays: it goes with the stream.
 */
export function removeTag(
  current: ImageStream,
  tag: string,
  context: TagContext,
): StreamWrite | undefined {
  const others = (current.spec.tags ?? []).filter(({ name }) => name !== tag);
  const wasWanted = others.length < (current.spec.tags ?? []).length;
  const wasSeen = statusTag(current, tag) !== undefined;
  if (!wasWanted && !wasSeen) return undefined;
  const { tags: _, ...spec } = current.spec;
  const input = { ...current, spec: { ...spec, ...(others.length > 0 && { tags: others }) } };
  const write = replaceImageStream(current, input, context);
  if (!write.ok || write.change.after === undefined) return write;
  const { recordUnchanged: __, ...change } = write.change;
  const after = withoutStatus(write.change.after, tag);
  return { ok: true, change: withoutCheck({ ...change, after }, tag, context) };
}

/** A tag that a listing found has a check without being in the spec; it goes too, or the next look brings the tag back. */
function withoutCheck(
  change: StreamChange,
  tag: string,
  { checks }: Pick<TagContext, 'checks'>,
): StreamChange {
  const state = checks.get(tag);
  if (state === undefined || change.checks.some((one) => one.tag === tag)) return change;
  return {
    ...change,
    checks: [...change.checks, { tag, state: null, previousHost: state.host }],
    expectedChecks: new Map([...(change.expectedChecks ?? []), [tag, state]]),
  };
}

function streamOf({ namespace, name }: StreamKey, tag: TagReference): ImageStream {
  return {
    kind: 'ImageStream',
    apiVersion: IMAGE_API_VERSION,
    metadata: { name, namespace },
    spec: { lookupPolicy: { local: false }, tags: [tag] },
    status: { dockerImageRepository: '' },
  };
}

function withoutStatus(stream: ImageStream, tag: string): ImageStream {
  const { tags = [], ...rest } = stream.status;
  const kept = tags.filter((list) => list.tag !== tag);
  return { ...stream, status: kept.length > 0 ? { ...rest, tags: kept } : rest };
}
