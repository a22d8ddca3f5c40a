import { conflict } from '@tagtrail/apimachinery';
import type {
  ImageDocumentStore,
  ImageStream,
  ImageStreamImport,
  RepositoryImportSpec,
  RepositoryImportStatus,
} from '@tagtrail/image-stream';
import { imageStreamNamed } from '../image-streams/image-stream-resource.ts';
import { refuseImpossibleNamespace } from '../image-streams/refuse-impossible-namespace.ts';
import { StatusError } from '../status-error.ts';
import { type Admission, type AdmitParts, admitImport } from './admit-import.ts';
import { type CollectParts, collectAnswers } from './collect-answers.ts';
import { ImageDescriber } from './describe-images.ts';
import type { LookedImport } from './import-run.ts';
import { sumStatus } from './import-status.ts';
import type { RequestBacklog } from './request-backlog.ts';

export interface ImportStreamParts extends AdmitParts, CollectParts {
  readonly images: Pick<ImageDocumentStore, 'read'>;
  readonly backlog: RequestBacklog;
}

export interface ImportStreamRequest {
  readonly request: ImageStreamImport;
  readonly dryRun: boolean;
  /** Its reason is an ImportEnd. */
  readonly signal: AbortSignal;
}

/**
 * Imports images into a stream, or only looks at them, and answers once each is imported or failed. Throws StatusError.
 * Source: OpenShift's ImageStreamImport storage.
 */
export async function importStream(
  parts: ImportStreamParts,
  { request, dryRun, signal }: ImportStreamRequest,
): Promise<ImageStreamImport> {
  refuseImpossibleNamespace(request.metadata.namespace ?? '');
  const { spec } = request;
  const records = spec.import && !dryRun;
  const admission = await admitImport(parts, request);
  await parts.backlog.admit(spec.images.length + (spec.repository === undefined ? 0 : 1));
  const looked = await collectAnswers(parts, { admission, spec, records, signal });
  const stream = records ? await readBack(parts, admission) : undefined;
  const describer = new ImageDescriber({ images: parts.images, stream });
  const images = await describer.describe(looked.images);
  const repository = await describeRepository(describer, looked, spec.repository);
  return {
    ...request,
    status: {
      ...(stream !== undefined && { import: stream }),
      ...(repository !== undefined && { repository }),
      ...(images.length > 0 && { images }),
    },
  };
}

/** The stream as it is now that all answers are in; undefined when nothing was stored and there was none. */
async function readBack(
  { streams }: Pick<AdmitParts, 'streams'>,
  { key, stream }: Admission,
): Promise<ImageStream | undefined> {
  const current = await streams.read(key);
  if (current === undefined ? stream === undefined : current.metadata.uid === key.uid) {
    return current;
  }
  const detail = 'it was deleted, or made anew, while images were imported to it';
  throw new StatusError(conflict(imageStreamNamed(key.name), detail));
}

async function describeRepository(
  describer: ImageDescriber,
  { repository }: LookedImport,
  spec: RepositoryImportSpec | undefined,
): Promise<RepositoryImportStatus | undefined> {
  if (spec === undefined || repository === undefined) return undefined;
  if (repository.kind === 'failed') return { status: repository.status };
  const images = await describer.describe(repository.images);
  const { additionalTags } = repository;
  return {
    status: sumStatus(images.map(({ status }) => status)),
    images,
    ...(additionalTags.length > 0 && { additionalTags }),
  };
}
