import type { ObjectMeta } from '@tagtrail/apimachinery';
import {
  IMAGE_API_VERSION,
  type ImageStream,
  type TagEvent,
  type TagEventCondition,
  type TagReference,
} from './image-stream.ts';
import type { Image } from './image-view.ts';
import { statusTag } from './importable.ts';
import { resolvePullSpec } from './resolve-pull-spec.ts';

/** An image of which only the name and the reference are told. */
export interface NamedImage {
  readonly metadata: ObjectMeta;
  readonly dockerImageReference?: string;
}

/** A tag with its definition and the image it points to. Source: OpenShift `image.openshift.io/v1`. */
export interface ImageStreamTag {
  readonly kind: 'ImageStreamTag';
  readonly apiVersion: typeof IMAGE_API_VERSION;
  /** `name` is `stream:tag`, `creationTimestamp` when the tag moved; the rest is the stream's and the spec tag's. */
  readonly metadata: ObjectMeta;
  /** null for a tag that only the status has. */
  readonly tag: TagReference | null;
  readonly generation: number;
  readonly lookupPolicy: { readonly local: boolean };
  readonly conditions?: readonly TagEventCondition[];
  readonly image: Image | NamedImage;
}

/** An image that a stream has, or had, under some tag. Source: OpenShift `image.openshift.io/v1`. */
export interface ImageStreamImage {
  readonly kind: 'ImageStreamImage';
  readonly apiVersion: typeof IMAGE_API_VERSION;
  /** `name` is `stream@id`, the id as it was asked for. */
  readonly metadata: ObjectMeta;
  readonly image: Image;
}

/** What the tag points to; undefined for a tag without an image: never imported, or only a reference. */
export function taggedImage(stream: ImageStream, tag: string): TagEvent | undefined {
  const head = statusTag(stream, tag)?.items?.[0];
  return head === undefined || head.image === '' ? undefined : head;
}

/**
 * A tag as an object of its own; without `image`, only the image's name and reference are told. A tag that points to
 * nothing yet has the stream's age. Source: OpenShift's ImageStreamTag storage.
 */
export function viewTag(stream: ImageStream, tag: string, image?: Image): ImageStreamTag {
  const spec = stream.spec.tags?.find(({ name }) => name === tag);
  const list = statusTag(stream, tag);
  const head = list?.items?.[0];
  const conditions = list?.conditions ?? [];
  return {
    kind: 'ImageStreamTag',
    apiVersion: IMAGE_API_VERSION,
    metadata: tagMetadata(stream, tag, { spec, head }),
    tag: spec ?? null,
    generation: head?.generation ?? 0,
    lookupPolicy: stream.spec.lookupPolicy ?? { local: false },
    ...(conditions.length > 0 && { conditions }),
    image: viewTagged(stream, tag, { spec, head, image }),
  };
}

/** The image of a stream, as it was last tagged by `event`. */
export function viewStreamImage(
  { metadata }: ImageStream,
  id: string,
  { event, image }: { readonly event: TagEvent; readonly image: Image },
): ImageStreamImage {
  const { name, namespace = '' } = metadata;
  const { created, dockerImageReference } = event;
  return {
    kind: 'ImageStreamImage',
    apiVersion: IMAGE_API_VERSION,
    metadata: { name: `${name}@${id}`, namespace, creationTimestamp: created },
    image: { ...dated(image, created), dockerImageReference },
  };
}

interface TagParts {
  readonly spec: TagReference | undefined;
  readonly head: TagEvent | undefined;
}

function tagMetadata(stream: ImageStream, tag: string, { spec, head }: TagParts): ObjectMeta {
  const { name, namespace, uid, resourceVersion, labels, creationTimestamp } = stream.metadata;
  const since = head?.created ?? creationTimestamp;
  const annotations = spec?.annotations ?? undefined;
  return {
    name: `${name}:${tag}`,
    ...(namespace !== undefined && { namespace }),
    ...(uid !== undefined && { uid }),
    ...(resourceVersion !== undefined && { resourceVersion }),
    ...(since !== undefined && { creationTimestamp: since }),
    ...(labels !== undefined && { labels }),
    ...(annotations !== undefined && { annotations }),
  };
}

function viewTagged(
  stream: ImageStream,
  tag: string,
  { spec, head, image }: TagParts & { readonly image: Image | undefined },
): Image | NamedImage {
  const resolved = head === undefined ? undefined : resolvePullSpec(stream, tag);
  const reference = resolved?.ok === true ? { dockerImageReference: resolved.pullSpec } : {};
  if (image === undefined) return { metadata: { name: head?.image ?? '' }, ...reference };
  const { metadata, ...body } = dated(image, head?.created);
  const annotations = { ...metadata.annotations, ...spec?.annotations };
  return { ...body, metadata: { ...metadata, annotations }, ...reference };
}

/** Documents of images have no age of their own: they are found by content. The stream's is when it got the image. */
function dated(image: Image, created: string | undefined): Image {
  if (created === undefined) return image;
  return { ...image, metadata: { ...image.metadata, creationTimestamp: created } };
}
