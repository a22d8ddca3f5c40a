import { IMPORT_JOB_VERSION, type ImportJob } from './import-job.ts';
import {
  FROM_LIMIT,
  readDueReason,
  readImportMode,
  readTagKey,
  tagKeyFields,
} from './payload-fields.ts';
import { type Decoded, PayloadReader } from './payload-reader.ts';
import { readRecords, readRequest, recordsFields, requestFields } from './request-fields.ts';

/** Annotation values that name a platform; the longest in use has 8 characters. */
const PLATFORM_LIMIT = 64;

/** A job, or why the payload is none; the message names fields and never repeats their values. */
export type DecodedImportJob = Decoded<'job', ImportJob>;

/** The job as plain JSON, its own fields only: what the queue stores. */
export function encodeImportJob(job: ImportJob): ImportJob {
  return {
    version: job.version,
    key: tagKeyFields(job.key),
    generation: job.generation,
    requestCount: job.requestCount,
    reason: job.reason,
    dueAt: job.dueAt,
    createdAt: job.createdAt,
    from: job.from,
    insecure: job.insecure,
    importMode: job.importMode,
    ...(job.preferArchitecture === undefined ? {} : { preferArchitecture: job.preferArchitecture }),
    ...(job.preferOs === undefined ? {} : { preferOs: job.preferOs }),
    ...(job.known === undefined
      ? {}
      : { known: { upstreamDigest: job.known.upstreamDigest, image: job.known.image } }),
    ...requestFields(job),
    ...recordsFields(job),
  };
}

/** Reads back what `encodeImportJob` made, from a queue that anyone with access to Redis may have written to. */
export function decodeImportJob(value: unknown): DecodedImportJob {
  const payload = new PayloadReader(value);
  payload.version(IMPORT_JOB_VERSION);
  const job: ImportJob = {
    version: IMPORT_JOB_VERSION,
    key: readTagKey(payload.part('key')),
    generation: payload.count('generation'),
    requestCount: payload.count('requestCount'),
    reason: readDueReason(payload),
    dueAt: payload.count('dueAt'),
    createdAt: payload.count('createdAt'),
    from: payload.text('from', FROM_LIMIT),
    insecure: payload.flag('insecure'),
    importMode: readImportMode(payload),
    ...readPreference(payload),
    ...readKnown(payload),
    ...readRequest(payload),
    ...readRecords(payload),
  };
  return payload.problem === undefined
    ? { ok: true, job }
    : { ok: false, message: `not an import job: ${payload.problem}` };
}

function readPreference(
  payload: PayloadReader,
): Pick<ImportJob, 'preferArchitecture' | 'preferOs'> {
  return {
    ...(payload.has('preferArchitecture')
      ? { preferArchitecture: payload.text('preferArchitecture', PLATFORM_LIMIT) }
      : {}),
    ...(payload.has('preferOs') ? { preferOs: payload.text('preferOs', PLATFORM_LIMIT) } : {}),
  };
}

function readKnown(payload: PayloadReader): Pick<ImportJob, 'known'> {
  if (!payload.has('known')) {
    return {};
  }
  const known = payload.part('known');
  return {
    known: { upstreamDigest: known.digest('upstreamDigest'), image: known.digest('image') },
  };
}
