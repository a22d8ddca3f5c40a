import type { ObjectMeta, StatusDetails, StatusReason } from '@tagtrail/apimachinery';
import type { FailureReason } from './check-state.ts';
import type {
  IMAGE_API_VERSION,
  ImageStream,
  ObjectReference,
  TagImportPolicy,
  TagReferencePolicy,
} from './image-stream.ts';
import type { Image } from './image-view.ts';

/** One image to look up. */
export interface ImageImportSpec {
  readonly from: ObjectReference;
  /** The tag to set; without one the image is looked up and nothing is stored. */
  readonly to?: { readonly name: string };
  readonly importPolicy: TagImportPolicy;
  readonly referencePolicy: TagReferencePolicy;
  /** Whether the answer holds the texts of manifest and config. */
  readonly includeManifest: boolean;
}

/** All tags of one repository. */
export type RepositoryImportSpec = Omit<ImageImportSpec, 'to'>;

export interface ImageStreamImportSpec {
  /** False looks everything up and stores nothing. */
  readonly import: boolean;
  readonly repository?: RepositoryImportSpec;
  readonly images: readonly ImageImportSpec[];
}

/** A Status within another object: without kind and version, and with the reasons of failed looks besides Kubernetes' own. */
export interface ImportStatus {
  readonly metadata: Readonly<Record<string, never>>;
  readonly status: 'Success' | 'Failure';
  readonly message?: string;
  /** `ImportFailed` sums up the tags of a repository. */
  readonly reason?: StatusReason | FailureReason | 'ImportFailed';
  readonly details?: StatusDetails;
  readonly code?: number;
}

/** An Image with the texts that were asked for by `includeManifest`. */
export interface ImportedImage extends Image {
  readonly dockerImageManifest?: string;
  readonly dockerImageConfig?: string;
}

/** What became of one image. */
export interface ImageImportStatus {
  readonly status: ImportStatus;
  /** Absent when it could not be had. */
  readonly image?: ImportedImage;
  /** The tag that was asked for; empty for a digest without `to`. */
  readonly tag: string;
  /** The images that an index is made of, when it was asked for whole. */
  readonly manifests?: readonly ImportedImage[];
}

export interface RepositoryImportStatus {
  readonly status: ImportStatus;
  readonly images?: readonly ImageImportStatus[];
  /** Tags of the repository that were not imported, because it has too many. */
  readonly additionalTags?: readonly string[];
}

export interface ImageStreamImportStatus {
  /** The stream after the import; absent when nothing was to be stored. */
  readonly import?: ImageStream;
  readonly repository?: RepositoryImportStatus;
  /** One for each of `spec.images`, in their order. */
  readonly images?: readonly ImageImportStatus[];
}

/** A request to import images into a stream now. Source: OpenShift `image.openshift.io/v1`. */
export interface ImageStreamImport {
  readonly kind: 'ImageStreamImport';
  readonly apiVersion: typeof IMAGE_API_VERSION;
  /** Name and namespace are the stream's; a resourceVersion or a uid is what the stream must have. */
  readonly metadata: ObjectMeta;
  readonly spec: ImageStreamImportSpec;
  readonly status: ImageStreamImportStatus;
}
