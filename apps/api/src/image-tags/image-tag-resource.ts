import { badRequest, type ResourceName } from '@tagtrail/apimachinery';
import type { StreamKey } from '@tagtrail/image-stream';
import { IMAGE_GROUP } from '../image-streams/image-stream-resource.ts';
import { StatusError } from '../status-error.ts';

/** A tag of a stream, by the object's name. */
export interface StreamTagKey {
  readonly stream: StreamKey;
  readonly tag: string;
  /** `stream:tag`. */
  readonly name: string;
}

/** Names an image stream tag in Status messages. */
export function imageStreamTagNamed(name: string): ResourceName {
  return { group: IMAGE_GROUP, resource: 'imagestreamtags', kind: 'ImageStreamTag', name };
}

/** Names an image in Status messages; `name` is its digest. */
export function imageNamed(name: string): ResourceName {
  return { group: IMAGE_GROUP, resource: 'images', kind: 'Image', name };
}

/** Parts `stream:tag`; neither has a colon of its own. Throws StatusError BadRequest. */
export function parseTagName(namespace: string, name: string): StreamTagKey {
  const [stream, tag, ...rest] = name.split(':');
  if (stream && tag && rest.length === 0) return { stream: { namespace, name: stream }, tag, name };
  throw new StatusError(badRequest('ImageStreamTags must be retrieved with <name>:<tag>'));
}
