import { isDigest } from '@tagtrail/image-reference';
import {
  type CheckState,
  type DueReason,
  type ImageStream,
  isInsecure,
  PREFER_ARCH_ANNOTATION,
  PREFER_OS_ANNOTATION,
  type TagReference,
} from '@tagtrail/image-stream';
import { IMPORT_JOB_VERSION, type ImportJob } from './import-job.ts';

/** GOARCH and GOOS as OCI images name them; within what `decodeImportJob` accepts. */
const PLATFORM_NAME = /^[\w.-]{1,64}$/;

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
  const preferArchitecture = preference(tag, PREFER_ARCH_ANNOTATION);
  const preferOs = preference(tag, PREFER_OS_ANNOTATION);
  return {
    version: IMPORT_JOB_VERSION,
    key: { namespace, name, uid, tag: tag.name },
    generation: state.generation,
    requestCount,
    reason,
    dueAt,
    createdAt: now,
    from: tag.from?.name ?? '',
    insecure: isInsecure(stream, tag),
    importMode: tag.importPolicy.importMode ?? 'Legacy',
    ...(preferArchitecture === undefined ? {} : { preferArchitecture }),
    ...(preferOs === undefined ? {} : { preferOs }),
    ...known(state),
  };
}

/** An annotation may hold any text; what names no platform is no preference, and must not make an unreadable job. */
function preference(tag: TagReference, annotation: string): string | undefined {
  const wanted = tag.annotations?.[annotation]?.trim() ?? '';
  return PLATFORM_NAME.test(wanted) ? wanted : undefined;
}

function known({ upstreamDigest, image }: CheckState): Pick<ImportJob, 'known'> {
  const readable = isDigest(upstreamDigest ?? '') && isDigest(image ?? '');
  return readable && upstreamDigest && image ? { known: { upstreamDigest, image } } : {};
}
