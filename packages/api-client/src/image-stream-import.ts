import type { ObjectMeta } from '@tagtrail/apimachinery';
import type {
  IMAGE_API_VERSION,
  ImageStream,
  TagImportPolicy,
  TagReferencePolicy,
} from '@tagtrail/image-stream';
import type { ImageObject } from './image-objects.ts';

/** Where to import from, and how. */
export interface ImportSource {
  readonly from: { readonly kind: 'DockerImage'; readonly name: string };
  readonly importPolicy: TagImportPolicy;
  readonly referencePolicy: TagReferencePolicy;
}

export interface ImageImport extends ImportSource {
  /** The tag that gets the image. */
  readonly to: { readonly name: string };
}

/** How one part of an import ended. */
export interface ImportPartStatus {
  readonly status?: 'Success' | 'Failure';
  readonly reason?: string;
  readonly message?: string;
}

export interface ImageImportStatus {
  readonly status: ImportPartStatus;
  /** Absent or null when it failed. */
  readonly image?: ImageObject | null;
  readonly tag?: string;
}

export interface RepositoryImportStatus {
  /** A failure too when one of its images failed. */
  readonly status?: ImportPartStatus;
  readonly images?: readonly ImageImportStatus[] | null;
  /** Tags beyond the number that is imported at once, by tag priority. */
  readonly additionalTags?: readonly string[] | null;
}

/** The wish to import images into a stream now, and what became of it. Source: OpenShift `image.openshift.io/v1`. */
export interface ImageStreamImport {
  readonly kind: 'ImageStreamImport';
  readonly apiVersion: typeof IMAGE_API_VERSION;
  /** Names the stream. With a `resourceVersion` the stream must still be the one that was read, or the answer is 409. */
  readonly metadata: Omit<ObjectMeta, 'creationTimestamp'> & {
    readonly creationTimestamp?: string | null;
  };
  readonly spec: {
    /** False looks the images up and records nothing. */
    readonly import: boolean;
    /** All tags of a repository. */
    readonly repository?: ImportSource;
    readonly images?: readonly ImageImport[];
  };
  readonly status: {
    /** The stream as it is now; absent when nothing was recorded. */
    readonly import?: ImageStream | null;
    readonly repository?: RepositoryImportStatus | null;
    /** One for each of `spec.images`, in the same order. */
    readonly images?: readonly ImageImportStatus[] | null;
  };
}
