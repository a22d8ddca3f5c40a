import {
  type CheckState,
  createImageStream,
  decodeImageStream,
  LISTING_TAG,
} from '@tagtrail/image-stream';
import { describe, expect, it } from 'vitest';
import { createListingJob, createRequestedListing } from './create-listing-job.ts';
import { decodeQueuedJob, encodeQueuedJob } from './encode-queued-job.ts';

const NOW = Date.UTC(2026, 0, 1, 10);
const INSECURE = { 'openshift.io/image.insecureRepository': 'true' };
const settings = { defaultInterval: 9e5, minimumInterval: 1e3, hostIntervals: {}, retryBase: 5e3 };

function following(repository: string, annotations: Readonly<Record<string, string>> = {}) {
  const decoded = decodeImageStream({
    metadata: { name: 'app', namespace: 'demo', annotations },
    spec: { dockerImageRepository: repository },
  });
  if (!decoded.ok) throw new Error(JSON.stringify(decoded.causes));
  const write = createImageStream(decoded.stream, { now: NOW, uid: 'u-1', settings });
  if (!write.ok || write.change.after === undefined) throw new Error('refused');
  const state = write.change.checks.find(({ tag }) => tag === LISTING_TAG)?.state;
  if (!state) throw new Error('no check');
  return { stream: write.change.after, state };
}

describe('createListingJob', () => {
  const jobOf = (made: ReturnType<typeof following>, change: Partial<CheckState> = {}) =>
    createListingJob({
      stream: made.stream,
      state: { ...made.state, ...change },
      reason: 'never-imported',
      dueAt: NOW,
      now: NOW + 5,
    });

  it('asks for the repository that the stream follows, in a form that a worker reads', () => {
    const job = jobOf(following('quay.io/acme/app'), { generation: 4 });
    expect(job).toEqual({
      kind: 'repository-listing',
      version: 1,
      key: { namespace: 'demo', name: 'app', uid: 'u-1' },
      generation: 4,
      reason: 'never-imported',
      dueAt: NOW,
      createdAt: NOW + 5,
      from: 'quay.io/acme/app',
      insecure: false,
    });
    expect(decodeQueuedJob(encodeQueuedJob(job))).toEqual({ ok: true, job });
  });

  it('takes insecure transport from the stream', () => {
    expect(jobOf(following('quay.io/acme/app', INSECURE)).insecure).toBe(true);
  });
});

describe('createRequestedListing', () => {
  const context = {
    key: { namespace: 'demo', name: 'app', uid: 'u-2' },
    stream: undefined,
    from: 'redis',
    importPolicy: {},
    request: { id: 'r-1', replyTo: 'api-1', slot: 3 },
    now: NOW,
  };

  it('asks for any repository, for a stream that need not exist', () => {
    const job = createRequestedListing(context);
    expect(job).toMatchObject({
      key: context.key,
      generation: 0,
      reason: 'requested',
      from: 'redis',
      insecure: false,
      request: context.request,
    });
    expect(decodeQueuedJob(encodeQueuedJob(job))).toEqual({ ok: true, job });
  });

  it('takes insecure transport from the request or from the stream', () => {
    const { stream } = following('quay.io/acme/app', INSECURE);
    expect(createRequestedListing({ ...context, stream }).insecure).toBe(true);
    const importPolicy = { insecure: true };
    expect(createRequestedListing({ ...context, importPolicy }).insecure).toBe(true);
  });
});
