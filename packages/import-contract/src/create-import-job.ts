import { isDigest } from '@tagtrail/image-reference';
import {
  type CheckState,
  type DueReason,
  type ImageStream,
  isInsecure,
  type TagReference,
} from '@tagtrail/image-stream';
import { IMPORT_JOB_VERSION, type ImportJob } from './import-job.ts';
import { wantedLook } from './wanted-look.ts';

export interface JobContext {
  readonly stream: ImageStream;
  readonly tag: TagReference;
  readonly state: CheckState;
  readonly reason: DueReason;
  /** ms since the epoch. */
  readonly dueAt: number;
  readonly now: number;
  readonly requestCount?: number;
}

/** The job that looks at one tag as it is defined now. */
export function createImportJob(context: JobContext): ImportJob {
  const { stream, tag, state, reason, dueAt, now, requestCount = 0 } = context;
  const { namespace = '', name, uid = '' } = stream.metadata;
  return {
    version: IMPORT_JOB_VERSION,
    key: { namespace, name, uid, tag: tag.name },
    generation: state.generation,
    requestCount,
    reason,
    dueAt,
    createdAt: now,
    ...wantedLook(tag, isInsecure(stream, tag)),
    ...known(state),
  };
}

function known({ upstreamDigest, image }: CheckState): Pick<ImportJob, 'known'> {
  const readable = isDigest(upstreamDigest ?? '') && isDigest(image ?? '');
  return readable && upstreamDigest && image ? { known: { upstreamDigest, image } } : {};
}
