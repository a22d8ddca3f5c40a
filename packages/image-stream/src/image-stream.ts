import type { ObjectMeta } from '@tagtrail/apimachinery';

/** API group and version of every image resource. Source: OpenShift `image.openshift.io/v1`. */
export const IMAGE_API_VERSION = 'image.openshift.io/v1';

/** Time of the last commit of an import on the stream, RFC 3339 UTC; absent until the first one. */
export const REPOSITORY_CHECK_ANNOTATION = 'openshift.io/image.dockerRepositoryCheck';
/** `"true"` lets every tag of the stream fall back to unverified TLS and plain HTTP. */
export const INSECURE_REPOSITORY_ANNOTATION = 'openshift.io/image.insecureRepository';
/** A duration (`90s`, `15m`) or a 5-field cron with optional `CRON_TZ=`; on a stream or on a spec tag. */
export const SCHEDULE_ANNOTATION = 'tagtrail.dev/schedule';
/** `"true"` on a stream or a spec tag: nothing of it is looked up until the annotation is gone. */
export const SUSPEND_ANNOTATION = 'tagtrail.dev/suspend';
/** `"true"` on a stream: the registry copies each new image as soon as it is recorded. */
export const PREFETCH_ANNOTATION = 'tagtrail.dev/prefetch';
/** Spec tag annotations that choose the entry of an index in `Legacy` mode. */
export const PREFER_ARCH_ANNOTATION = 'importer.image.openshift.io/prefer-arch';
export const PREFER_OS_ANNOTATION = 'importer.image.openshift.io/prefer-os';

export type ImportMode = 'Legacy' | 'PreserveOriginal';
export type ReferencePolicyType = 'Source' | 'Local';

export interface ObjectReference {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

export interface TagImportPolicy {
  readonly insecure?: boolean;
  readonly scheduled?: boolean;
  readonly importMode?: ImportMode;
}

export interface TagReferencePolicy {
  readonly type: ReferencePolicyType;
}

/** An entry of `spec.tags`. `generation` is owned by the server; 0 from a client asks for a new import. */
export interface TagReference {
  readonly name: string;
  readonly annotations?: Readonly<Record<string, string>> | null;
  readonly from?: ObjectReference | null;
  readonly reference?: boolean;
  readonly generation?: number | null;
  readonly importPolicy: TagImportPolicy;
  readonly referencePolicy: TagReferencePolicy;
}

/** One stay of a tag at a digest; newest first in `items`. `image` is empty for reference tags. */
export interface TagEvent {
  /** RFC 3339 UTC, whole seconds: when Tagtrail recorded the move. */
  readonly created: string;
  /** Pull spec pinned to the digest, spelled as the user spelled the source. */
  readonly dockerImageReference: string;
  readonly image: string;
  readonly generation: number;
}

export interface TagEventCondition {
  readonly type: 'ImportSuccess';
  readonly status: 'True' | 'False' | 'Unknown';
  readonly lastTransitionTime: string;
  readonly reason: string;
  readonly message: string;
  readonly generation: number;
}

export interface NamedTagEventList {
  readonly tag: string;
  /** null when the tag has conditions but never had an event. */
  readonly items: readonly TagEvent[] | null;
  readonly conditions?: readonly TagEventCondition[];
}

export interface ImageStreamSpec {
  readonly lookupPolicy?: { readonly local: boolean };
  readonly dockerImageRepository?: string;
  readonly tags?: readonly TagReference[];
}

export interface ImageStreamStatus {
  readonly dockerImageRepository: string;
  readonly publicDockerImageRepository?: string;
  readonly tags?: readonly NamedTagEventList[];
}

export interface ImageStream {
  readonly kind: 'ImageStream';
  readonly apiVersion: typeof IMAGE_API_VERSION;
  readonly metadata: ObjectMeta;
  readonly spec: ImageStreamSpec;
  readonly status: ImageStreamStatus;
}
