import type { ListMeta, ObjectMeta } from '@tagtrail/apimachinery';
import type { ImageStream, TagReference } from '@tagtrail/image-stream';

/*
 * Wire objects of `image.openshift.io/v1`, as far as clients read or write them.
 */

/** What an image's config says about running it. Source: Docker image format 1.0 as OpenShift serves it, capitals and all. */
export interface DockerConfig {
  readonly Entrypoint?: readonly string[] | null;
  readonly Cmd?: readonly string[] | null;
  readonly WorkingDir?: string;
  readonly User?: string;
  readonly ExposedPorts?: Readonly<Record<string, unknown>> | null;
  readonly Labels?: Readonly<Record<string, string>> | null;
  readonly Env?: readonly string[] | null;
  readonly Volumes?: Readonly<Record<string, unknown>> | null;
}

export interface DockerImageMetadata {
  /** RFC 3339; absent for an index. */
  readonly Created?: string | null;
  readonly Author?: string;
  readonly Architecture?: string;
  /** Bytes of config and unique layers. */
  readonly Size?: number;
  readonly Config?: DockerConfig | null;
}

export interface ImageSignature {
  readonly metadata?: { readonly name?: string };
  readonly type: string;
  readonly issuedBy?: { readonly commonName?: string } | null;
}

/** An Image, as far as it is shown. Source: OpenShift `image.openshift.io/v1`. */
export interface ImageObject {
  /** `name` is the digest. */
  readonly metadata: ObjectMeta;
  readonly dockerImageReference?: string;
  readonly dockerImageMetadata?: DockerImageMetadata | null;
  readonly dockerImageLayers?: readonly { readonly name: string; readonly size: number }[] | null;
  /** The entries of an index. */
  readonly dockerImageManifests?:
    | readonly { readonly digest: string; readonly os: string; readonly architecture: string }[]
    | null;
  readonly signatures?: readonly ImageSignature[] | null;
}

/** A tag with its definition and the image it points to. Source: OpenShift `image.openshift.io/v1`. */
export interface ImageStreamTag {
  readonly kind: 'ImageStreamTag';
  readonly apiVersion: ImageStream['apiVersion'];
  /** `name` is `stream:tag`; `creationTimestamp` is when the tag moved to the image. */
  readonly metadata: ObjectMeta;
  /** Null for a tag that only the status has. */
  readonly tag?: TagReference | null;
  readonly image?: ImageObject | null;
}

/** An image that a stream has or had under some tag. Source: OpenShift `image.openshift.io/v1`. */
export interface ImageStreamImage {
  readonly kind: 'ImageStreamImage';
  readonly apiVersion: ImageStream['apiVersion'];
  /** `name` is `stream@digest`. */
  readonly metadata: ObjectMeta;
  readonly image: ImageObject;
}

/** A page of objects of one kind. */
export interface ObjectList<T> {
  readonly kind: string;
  readonly apiVersion: string;
  readonly metadata: ListMeta;
  readonly items: readonly T[];
}
