import { formatTimestamp } from '@tagtrail/apimachinery';
import { addTagEvent, historyOf } from './add-tag-event.ts';
import type { CheckState } from './check-state.ts';
import {
  IMAGE_API_VERSION,
  type ImageStream,
  type NamedTagEventList,
  type TagEvent,
  type TagReference,
} from './image-stream.ts';
import type { StreamChange, StreamKey } from './image-stream-store.ts';
import { statusTag } from './importable.ts';
import {
  createImageStream,
  replaceImageStream,
  type StreamWrite,
  type WriteContext,
} from './write-image-stream.ts';

/** Events that a stream holds of a tag that is set again and again; the whole history keeps the rest. */
const EVENTS_KEPT = 50;

/** One spec tag to be set in a stream that may not exist yet. */
export interface TagUpsert {
  readonly key: StreamKey;
  readonly tag: TagReference;
  /** What the tag points to when its source is another tag or an image of a stream; nothing for what is imported. */
  readonly copied: Pick<TagEvent, 'dockerImageReference' | 'image'> | undefined;
}

export type TagContext = WriteContext & { readonly checks: ReadonlyMap<string, CheckState> };

/**
 * Sets one spec tag and leaves the others alone; creates the stream when there is none. A tag that copies gets its
 * event in the same change, once: it does not follow its source. Source: OpenShift's ImageStreamTag storage.
 */
export function upsertTag(
  current: ImageStream | undefined,
  { key, tag, copied }: TagUpsert,
  context: TagContext,
): StreamWrite {
  const write =
    current === undefined
      ? createImageStream(streamOf(key, tag), context)
      : replaceImageStream(current, withTag(current, tag), context);
  if (!write.ok || copied === undefined) return write;
  return { ok: true, change: withCopy(write.change, { tag: tag.name, copied, now: context.now }) };
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
  return { ok: true, change: { ...change, after: withoutStatus(write.change.after, tag) } };
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

function withTag(stream: ImageStream, tag: TagReference): ImageStream {
  const others = (stream.spec.tags ?? []).filter(({ name }) => name !== tag.name);
  const tags = [...others, tag].sort((a, b) => (a.name < b.name ? -1 : 1));
  return { ...stream, spec: { ...stream.spec, tags } };
}

interface Copy {
  readonly tag: string;
  readonly copied: Pick<TagEvent, 'dockerImageReference' | 'image'>;
  /** ms since the epoch. */
  readonly now: number;
}

/** Only a definition that is new or has changed copies; one that is sent again does not look at its source again. */
function withCopy(change: StreamChange, { tag, copied, now }: Copy): StreamChange {
  const { before, after } = change;
  if (after === undefined || generationOf(before, tag) === generationOf(after, tag)) return change;
  const list = statusTag(after, tag);
  const { dockerImageReference, image } = copied;
  const added = addTagEvent(list, {
    created: formatTimestamp(now),
    dockerImageReference,
    image,
    generation: after.metadata.generation ?? 1,
  });
  const written = { tag, items: added.items.slice(0, EVENTS_KEPT) };
  const history = [...change.history, ...historyOf(list, tag, added)];
  return { ...change, after: withStatus(after, written), history };
}

function generationOf(stream: ImageStream | undefined, tag: string): number | null | undefined {
  return stream?.spec.tags?.find(({ name }) => name === tag)?.generation;
}

function withStatus(stream: ImageStream, list: NamedTagEventList): ImageStream {
  const others = (stream.status.tags ?? []).filter(({ tag }) => tag !== list.tag);
  const tags = [...others, list].sort((a, b) => (a.tag < b.tag ? -1 : 1));
  return { ...stream, status: { ...stream.status, tags } };
}

function withoutStatus(stream: ImageStream, tag: string): ImageStream {
  const { tags = [], ...rest } = stream.status;
  const kept = tags.filter((list) => list.tag !== tag);
  return { ...stream, status: kept.length > 0 ? { ...rest, tags: kept } : rest };
}
