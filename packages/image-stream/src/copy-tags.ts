import { type FieldCause, fieldInvalid } from '@tagtrail/apimachinery';
import { formatImageReference, parseImageReference } from '@tagtrail/image-reference';
import type { ImageStream, TagEvent, TagReference } from './image-stream.ts';
import type { StreamKey } from './image-stream-store.ts';
import { mergeTags } from './merge-tags.ts';
import { type EventContext, StatusEvents, type StreamWithEvents } from './status-events.ts';
import { findTagSource, parseTagSource, type TagSource } from './upsert-tag-source.ts';

/** Other streams that one write may copy from: each costs a read before it. */
export const COPIED_STREAMS_LIMIT = 100;

export interface CopyContext extends EventContext {
  /** Tags that are new or changed; the others copied when they were. */
  readonly fresh: ReadonlySet<string>;
  /** The streams that `copiedStreams` names, as far as they exist. */
  readonly sources: readonly ImageStream[];
}

export type CopiedTags =
  | ({ readonly ok: true } & StreamWithEvents)
  | { readonly ok: false; readonly causes: readonly FieldCause[] };

type Pointer = Pick<TagEvent, 'dockerImageReference' | 'image'>;

/**
 * The other streams that a write must know: those that its new or changed tags copy from. At most as many as a write
 * may have; one with more is refused. Sources that can't be read are left out, and refused too.
 */
export function copiedStreams(
  current: ImageStream | undefined,
  input: ImageStream,
): readonly StreamKey[] {
  const { fresh } = mergeTags(current, input);
  return [...foreignKeys(input, fresh).values()].slice(0, COPIED_STREAMS_LIMIT);
}

/**
 * Points new and changed tags at once to what they name, where that needs no import: the pull spec of a `reference`, an
 * image of this or another stream, a tag of another stream. Those are copied once; a tag of the same stream is followed
 * (`followTags`). A source tag without an image is no mistake, a missing stream or image is.
 * Source: OpenShift stream strategy.
 */
export function copyTags(
  before: ImageStream | undefined,
  after: ImageStream,
  context: CopyContext,
): CopiedTags {
  const { fresh } = context;
  const foreign = foreignKeys(after, fresh).size;
  if (foreign > COPIED_STREAMS_LIMIT) {
    const detail = `at most ${COPIED_STREAMS_LIMIT} other streams can be copied from at once`;
    return { ok: false, causes: [fieldInvalid('spec.tags', foreign, detail)] };
  }
  const known = new Map(context.sources.map((stream) => [idOf(keyOf(stream)), stream]));
  const events = new StatusEvents(after, context);
  const causes: FieldCause[] = [];
  for (const tag of (after.spec.tags ?? []).filter(({ name }) => fresh.has(name))) {
    const found = findPointer(tag, { after, own: before ?? after, known });
    if (!found.ok) causes.push(found.cause);
    else if (found.pointer !== undefined) {
      events.add(tag.name, { ...found.pointer, generation: after.metadata.generation ?? 1 });
    }
  }
  return causes.length > 0 ? { ok: false, causes } : { ok: true, ...events.written() };
}

type FoundPointer =
  | { readonly ok: true; readonly pointer: Pointer | undefined }
  | { readonly ok: false; readonly cause: FieldCause };

function findPointer(
  tag: TagReference,
  streams: {
    readonly after: ImageStream;
    /** What the stream had before this write. */
    readonly own: ImageStream;
    readonly known: ReadonlyMap<string, ImageStream>;
  },
): FoundPointer {
  if (tag.from?.kind === 'DockerImage') {
    const pointer = { dockerImageReference: tag.from.name, image: '' };
    return { ok: true, pointer: tag.reference === true ? pointer : undefined };
  }
  const parsed = parseTagSource(tag, keyOf(streams.after));
  if (!parsed.ok) return parsed;
  const { source } = parsed;
  if (source === undefined || isFollowed(source)) return { ok: true, pointer: undefined };
  const stream = source.isOwn ? streams.own : streams.known.get(idOf(source.key));
  const found = findTagSource(stream, source);
  if (!found.ok) return found;
  if (found.event === undefined || stream === undefined || tag.reference === true) {
    return { ok: true, pointer: found.event };
  }
  return { ok: true, pointer: moveToStream(found.event, stream, keyOf(streams.after)) };
}

function isFollowed({ isOwn, kind }: TagSource): boolean {
  return isOwn && kind === 'tag';
}

/**
 * An image that our own registry serves as the source stream's is served as the copying stream's too, whose readers
 * need no access to the other one.
 */
function moveToStream(event: TagEvent, source: ImageStream, to: StreamKey): Pointer {
  const parsed = parseImageReference(event.dockerImageReference);
  if (!parsed.ok || !isServedBy(source, parsed.reference)) return event;
  const repository = idOf(to);
  return {
    dockerImageReference: formatImageReference({ ...parsed.reference, repository }),
    image: event.image,
  };
}

/** Without a registry of our own, the status repeats the spec, whose repository is somebody else's. */
function isServedBy(
  { metadata, spec, status }: ImageStream,
  reference: { readonly registry?: string; readonly repository: string },
): boolean {
  const { registry, repository } = reference;
  return (
    repository === idOf(keyOf({ metadata })) &&
    status.dockerImageRepository === `${registry}/${repository}` &&
    status.dockerImageRepository !== spec.dockerImageRepository
  );
}

function foreignKeys(
  stream: ImageStream,
  fresh: ReadonlySet<string>,
): ReadonlyMap<string, StreamKey> {
  const own = keyOf(stream);
  const keys = new Map<string, StreamKey>();
  for (const tag of stream.spec.tags ?? []) {
    const parsed = fresh.has(tag.name) ? parseTagSource(tag, own) : undefined;
    const source = parsed?.ok === true ? parsed.source : undefined;
    if (source !== undefined && !source.isOwn) keys.set(idOf(source.key), source.key);
  }
  return keys;
}

function keyOf({ metadata }: Pick<ImageStream, 'metadata'>): StreamKey {
  return { namespace: metadata.namespace ?? '', name: metadata.name };
}

function idOf({ namespace, name }: StreamKey): string {
  return `${namespace}/${name}`;
}
