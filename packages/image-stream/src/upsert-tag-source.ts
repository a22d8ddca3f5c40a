import { type FieldCause, fieldInvalid, fieldNotFound } from '@tagtrail/apimachinery';
import type { ImageStream, TagEvent, TagReference } from './image-stream.ts';
import type { StreamKey } from './image-stream-store.ts';
import { statusTag } from './importable.ts';

const FORM_DETAIL = 'must be of the form <tag>, <repo>:<tag>, <id>, or <repo>@<id>';
/** Images that a message names: a short prefix may match thousands. */
const SHOWN_MATCHES = 5;

/** The tag or the image of a stream that a spec tag copies. */
export interface TagSource {
  readonly key: StreamKey;
  /** Whether the stream is the one that the spec tag is in. */
  readonly isOwn: boolean;
  readonly kind: 'tag' | 'image';
  /** A tag's name, or an image's digest or the beginning of one. */
  readonly name: string;
  /** For messages: where the definition says so, and in which words. */
  readonly field: string;
  readonly written: string;
}

/** Undefined for a tag that copies nothing, or whose source is imported. */
export type ParsedTagSource =
  | { readonly ok: true; readonly source: TagSource | undefined }
  | { readonly ok: false; readonly cause: FieldCause };

/** Reads a source of kind ImageStreamTag or ImageStreamImage; without a stream's name it is in `own`. */
export function parseTagSource(tag: TagReference, own: StreamKey): ParsedTagSource {
  const from = tag.from;
  const kind = from ? kindOf(from.kind) : undefined;
  if (!from || kind === undefined) return { ok: true, source: undefined };
  const field = `spec.tags[${tag.name}].from.name`;
  const parts = from.name.split(kind === 'tag' ? ':' : '@');
  const name = parts.at(-1) ?? '';
  const stream = parts.length === 1 ? own.name : parts[0];
  if (!stream || name === '' || parts.length > 2) {
    return { ok: false, cause: fieldInvalid(field, from.name, FORM_DETAIL) };
  }
  const key = { namespace: from.namespace || own.namespace, name: stream };
  const isOwn = key.namespace === own.namespace && key.name === own.name;
  return { ok: true, source: { key, isOwn, kind, name, field, written: from.name } };
}

export type FoundTagSource =
  /** No event: the source tag exists in name only, and so does the copy until it is set again. */
  | { readonly ok: true; readonly event: TagEvent | undefined }
  | { readonly ok: false; readonly cause: FieldCause };

/** What the source points to now. Source: OpenShift, tags are copied once and an image must be a single one. */
export function findTagSource(stream: ImageStream | undefined, source: TagSource): FoundTagSource {
  const { kind, name, field, key, written } = source;
  if (stream === undefined) {
    return { ok: false, cause: fieldNotFound(field, `${key.namespace}/${key.name}`) };
  }
  if (kind === 'tag') return { ok: true, event: statusTag(stream, name)?.items?.[0] };
  const events = findImageEvents(stream, name);
  const [event] = events;
  if (event === undefined) return { ok: false, cause: fieldNotFound(field, written) };
  if (events.length === 1) return { ok: true, event };
  const detail = `multiple images match the prefix "${name}": ${listImages(events)}`;
  return { ok: false, cause: fieldInvalid(field, written, detail) };
}

/** Hex digits after the algorithm; a prefix may leave the algorithm out. */
const ALGORITHM = /^[a-z0-9]+:/;

/** Whether `id` is the digest or its beginning, with or without its algorithm. */
export function matchesImage(digest: string, id: string): boolean {
  return digest.startsWith(id) || digest.replace(ALGORITHM, '').startsWith(id);
}

/** The newest event of each image of the stream that `id` names: none, one, or several for too short a prefix. */
export function findImageEvents(stream: ImageStream, id: string): readonly TagEvent[] {
  const found = new Map<string, TagEvent>();
  for (const { items } of stream.status.tags ?? []) {
    for (const event of items ?? []) {
      if (event.image === '' || !matchesImage(event.image, id)) continue;
      const known = found.get(event.image);
      if (known === undefined || known.created < event.created) found.set(event.image, event);
    }
  }
  return [...found.values()];
}

function listImages(events: readonly TagEvent[]): string {
  const images = events.map(({ image }) => image).sort();
  const rest = images.length - SHOWN_MATCHES;
  const shown = images.slice(0, SHOWN_MATCHES).join(', ');
  return rest > 0 ? `${shown} and ${rest} more` : shown;
}

function kindOf(kind: string): TagSource['kind'] | undefined {
  if (kind === 'ImageStreamTag') return 'tag';
  return kind === 'ImageStreamImage' ? 'image' : undefined;
}
