import { badRequest, conflict, notFound, type ResourceName } from '@tagtrail/apimachinery';
import {
  findImageEvents,
  type ImageDocument,
  type ImageStream,
  type ImageStreamImage,
  matchesImage,
  type StreamKey,
  type TagEvent,
  viewImage,
  viewStreamImage,
} from '@tagtrail/image-stream';
import { IMAGE_GROUP } from '../image-streams/image-stream-resource.ts';
import { StatusError } from '../status-error.ts';
import { readImage, type TagReadParts } from './read-tag.ts';

/** Images whose parts are searched, the newest ones; each costs one read of its document. */
const MAX_WHOLES = 50;

/** An image of a stream, by the object's name. */
export interface StreamImageKey {
  readonly stream: StreamKey;
  /** A digest or the beginning of one, with or without its algorithm. */
  readonly id: string;
  /** `stream@id`. */
  readonly name: string;
}

/** Parts `stream@id`. Throws StatusError BadRequest. */
export function parseStreamImageName(namespace: string, name: string): StreamImageKey {
  const [stream, id, ...rest] = name.split('@');
  if (stream && id && rest.length === 0) return { stream: { namespace, name: stream }, id, name };
  throw new StatusError(badRequest('ImageStreamImages must be retrieved with <name>@<id>'));
}

/**
 * An image that the stream holds under any tag, or that one of these is made of. Throws StatusError: NotFound, and
 * Conflict for too short an id. Source: OpenShift's ImageStreamImage storage, which picks any of several.
 */
export async function readStreamImage(
  parts: TagReadParts,
  key: StreamImageKey,
): Promise<ImageStreamImage> {
  const stream = await parts.streams.read(key.stream);
  if (stream === undefined) throw new StatusError(notFound(streamImageNamed(key.name)));
  const [event, ...others] = findImageEvents(stream, key.id);
  if (others.length > 0) throw ambiguous(key);
  if (event === undefined) return readPart(parts, stream, key);
  const image = await readImage(parts.images, event.image);
  return viewStreamImage(stream, key.id, { event, image });
}

async function readPart(
  { images }: TagReadParts,
  stream: ImageStream,
  key: StreamImageKey,
): Promise<ImageStreamImage> {
  const wholes = findImageEvents(stream, '').toSorted(byAge).slice(0, MAX_WHOLES);
  for (const event of wholes) {
    const found = partsOf(await images.read(event.image)).filter((part) =>
      matchesImage(part, key.id),
    );
    const [part, ...others] = new Set(found);
    if (others.length > 0) throw ambiguous(key);
    const document = part === undefined ? undefined : await images.read(part);
    if (document === undefined) continue;
    const { dockerImageReference } = document;
    const image = viewImage(document);
    return viewStreamImage(stream, key.id, { event: { ...event, dockerImageReference }, image });
  }
  throw new StatusError(notFound(streamImageNamed(key.name)));
}

function partsOf(document: ImageDocument | undefined): readonly string[] {
  return document?.parts ?? [];
}

function byAge(a: TagEvent, b: TagEvent): number {
  if (a.created === b.created) return 0;
  return a.created < b.created ? 1 : -1;
}

function ambiguous({ name, id }: StreamImageKey): StatusError {
  const detail = `multiple images match the prefix ${JSON.stringify(id)}`;
  return new StatusError(conflict(streamImageNamed(name), detail));
}

function streamImageNamed(name: string): ResourceName {
  return { group: IMAGE_GROUP, resource: 'imagestreamimages', kind: 'ImageStreamImage', name };
}
