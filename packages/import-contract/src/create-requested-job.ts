import { parseImageReference } from '@tagtrail/image-reference';
import {
  type CheckState,
  type ImageStream,
  isInsecure,
  type TagImportPolicy,
  type TagReference,
  type TagReferencePolicy,
} from '@tagtrail/image-stream';
import { IMPORT_JOB_VERSION, type ImportJob } from './import-job.ts';
import type { RequestSlot } from './import-request.ts';
import type { StreamLifeKey } from './payload-fields.ts';
import { wantedLook } from './wanted-look.ts';

/** One image of a requested import, as its author asked for it. */
export interface ImportWish {
  /** Pull spec of the image. */
  readonly from: string;
  /** Tag that it is imported to; a mere look needs none. */
  readonly to?: string;
  readonly importPolicy: TagImportPolicy;
  readonly referencePolicy: TagReferencePolicy;
  /** Found by listing a repository: a failure is recorded without defining the tag. */
  readonly listed: boolean;
}

export interface RequestedJobContext {
  /** Uid of the stream as it was read, or the one that it will be created under. */
  readonly key: StreamLifeKey;
  /** As it was read; undefined when there is none, which makes the first outcome create it. */
  readonly stream: ImageStream | undefined;
  /** Check state of the tag `wish.to` as it was read; undefined when it has none. */
  readonly state: CheckState | undefined;
  readonly wish: ImportWish;
  readonly request: RequestSlot;
  /** False for a mere look, which stores nothing: a dry run, or a wish without `to`. */
  readonly records: boolean;
  /** ms since the epoch. */
  readonly now: number;
}

/**
 * The job that looks at one image for somebody who waits. It asks for what the tag would be if the wish were granted:
 * source and import policy are the wish's; annotations, and with them the preferred platform, are those of the tag.
 * What is known is left out: whoever asks wants to hear of the image, not that it has not changed.
 */
export function createRequestedJob(context: RequestedJobContext): ImportJob {
  const { key, stream, state, wish, request, now } = context;
  const { namespace, name, uid } = key;
  const tag = wish.to ?? tagOf(wish.from);
  return {
    version: IMPORT_JOB_VERSION,
    key: { namespace, name, uid, tag },
    generation: state?.generation ?? 0,
    requestCount: 0,
    reason: 'requested',
    dueAt: now,
    createdAt: now,
    ...wantedLook(wantedTag(context, tag), isInsecure(stream, wish)),
    request,
    ...(context.records ? { records: recordsOf(context) } : {}),
  };
}

function wantedTag({ stream, wish }: RequestedJobContext, name: string): TagReference {
  const annotations = stream?.spec.tags?.find((tag) => tag.name === wish.to)?.annotations ?? null;
  return {
    name,
    annotations,
    from: { kind: 'DockerImage', name: wish.from },
    importPolicy: wish.importPolicy,
    referencePolicy: wish.referencePolicy,
  };
}

function recordsOf({ stream, wish }: RequestedJobContext): NonNullable<ImportJob['records']> {
  const { importPolicy, referencePolicy, listed } = wish;
  const tag = stream?.spec.tags?.find(({ name }) => name === wish.to);
  const createsStream = stream === undefined;
  const records = { importPolicy, referencePolicy, createsStream, listed };
  return tag === undefined ? records : { ...records, tagGeneration: tag.generation ?? 0 };
}

/** Only names the look: by the reference's own tag, or what a reference without one means. */
function tagOf(from: string): string {
  const parsed = parseImageReference(from);
  return (parsed.ok ? parsed.reference.tag : undefined) ?? 'latest';
}
