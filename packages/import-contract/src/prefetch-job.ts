import type { StopSignal } from '@tagtrail/image-stream';
import { readStreamKey, type StreamLifeKey } from './payload-fields.ts';
import { type Decoded, PayloadReader } from './payload-reader.ts';

export const PREFETCH_JOB_VERSION = 1;

/** What a registry is asked for: copies of everything that an image of a stream is made of. */
export interface PrefetchJob {
  readonly version: typeof PREFETCH_JOB_VERSION;
  readonly key: StreamLifeKey;
  /** Digest of the image. */
  readonly image: string;
}

/** A job, or why the payload is none; the message names fields and never repeats their values. */
export type DecodedPrefetchJob = Decoded<'job', PrefetchJob>;

/** PORT. Images that are to be copied. Every method throws what the queue's package throws. */
export interface PrefetchQueue extends AsyncDisposable {
  /** An image that waits already is not added again. */
  add(jobs: readonly PrefetchJob[]): Promise<void>;
  /** Runs jobs until the signal; one that rejects comes again later, a few times. */
  run(runJob: (job: PrefetchJob) => Promise<void>, signal: StopSignal): Promise<void>;
}

/** Reads back what was queued, from a queue that anyone with access to Redis may have written to. */
export function decodePrefetchJob(value: unknown): DecodedPrefetchJob {
  const payload = new PayloadReader(value);
  payload.version(PREFETCH_JOB_VERSION);
  const job: PrefetchJob = {
    version: PREFETCH_JOB_VERSION,
    key: readStreamKey(payload.part('key')),
    image: payload.digest('image'),
  };
  return payload.problem === undefined
    ? { ok: true, job }
    : { ok: false, message: `not a prefetch job: ${payload.problem}` };
}
