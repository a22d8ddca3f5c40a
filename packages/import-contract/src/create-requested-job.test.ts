import {
  type CheckState,
  createImageStream,
  decodeImageStream,
  type ImageStream,
  PREFER_ARCH_ANNOTATION,
  PREFER_OS_ANNOTATION,
} from '@tagtrail/image-stream';
import { describe, expect, it } from 'vitest';
import { createRequestedJob, type RequestedJobContext } from './create-requested-job.ts';
import { decodeQueuedJob, encodeQueuedJob } from './encode-queued-job.ts';

const NOW = Date.UTC(2026, 0, 1, 10);
const settings = { defaultInterval: 9e5, minimumInterval: 1e3, hostIntervals: {}, retryBase: 5e3 };

const CONTEXT: RequestedJobContext = {
  key: { namespace: 'demo', name: 'app', uid: 'u-1' },
  stream: undefined,
  state: undefined,
  wish: {
    from: 'quay.io/acme/app:v2',
    to: 'v1',
    importPolicy: { scheduled: true, importMode: 'PreserveOriginal' },
    referencePolicy: { type: 'Local' },
    listed: false,
  },
  request: { id: 'r-1', replyTo: 'api-1', slot: 0 },
  records: true,
  now: NOW,
};

function existing(tag: object = {}, metadata: object = {}): [ImageStream, CheckState] {
  const decoded = decodeImageStream({
    metadata: { name: 'app', namespace: 'demo', ...metadata },
    spec: {
      tags: [{ name: 'v1', from: { kind: 'DockerImage', name: 'quay.io/acme/app:v1' }, ...tag }],
    },
  });
  if (!decoded.ok) throw new Error(JSON.stringify(decoded.causes));
  const write = createImageStream(decoded.stream, { now: NOW, uid: 'u-1', settings });
  const state = write.ok ? write.change.checks[0]?.state : undefined;
  if (!write.ok || write.change.after === undefined || !state) throw new Error('refused');
  return [write.change.after, state];
}

const jobOf = (change: Partial<RequestedJobContext> = {}) =>
  createRequestedJob({ ...CONTEXT, ...change });

describe('createRequestedJob', () => {
  it('asks for the image that was wished for, and says what to set with it', () => {
    const job = jobOf();
    expect(job).toEqual({
      version: 1,
      key: { namespace: 'demo', name: 'app', uid: 'u-1', tag: 'v1' },
      generation: 0,
      requestCount: 0,
      reason: 'requested',
      dueAt: NOW,
      createdAt: NOW,
      from: 'quay.io/acme/app:v2',
      insecure: false,
      importMode: 'PreserveOriginal',
      request: CONTEXT.request,
      records: {
        importPolicy: { scheduled: true, importMode: 'PreserveOriginal' },
        referencePolicy: { type: 'Local' },
        createsStream: true,
        listed: false,
      },
    });
    expect(decodeQueuedJob(encodeQueuedJob(job))).toEqual({ ok: true, job });
  });

  it('goes by the generation of a tag that is there already, without what is known of it', () => {
    const [stream, state] = existing();
    const digest = `sha256:${'1'.repeat(64)}`;
    const known = { ...state, generation: 9, upstreamDigest: digest, image: digest };
    const job = jobOf({ stream, state: known });
    expect(job).toMatchObject({ generation: 9, records: { createsStream: false } });
    expect(job).not.toHaveProperty('known');
  });

  it('prefers the platform of the tag that it imports to, and of no other', () => {
    const annotations = { [PREFER_ARCH_ANNOTATION]: 'arm64', [PREFER_OS_ANNOTATION]: 'linux' };
    const [stream] = existing({ annotations });
    expect(jobOf({ stream })).toMatchObject({ preferArchitecture: 'arm64', preferOs: 'linux' });
    const elsewhere = jobOf({ stream, wish: { ...CONTEXT.wish, to: 'v9' } });
    expect(elsewhere).not.toHaveProperty('preferArchitecture');
  });

  it('takes insecure transport from the wish or from the stream, never from the old tag', () => {
    const [secure] = existing({ importPolicy: { insecure: true } });
    expect(jobOf({ stream: secure }).insecure).toBe(false);
    const annotations = { 'openshift.io/image.insecureRepository': 'true' };
    const [insecure] = existing({}, { annotations });
    expect(jobOf({ stream: insecure }).insecure).toBe(true);
    const wish = { ...CONTEXT.wish, importPolicy: { insecure: true } };
    expect(jobOf({ wish }).insecure).toBe(true);
  });

  it('sets nothing when it is a mere look', () => {
    expect(jobOf({ records: false })).not.toHaveProperty('records');
  });

  it.each([
    ['quay.io/acme/app:v2', 'v2'],
    ['quay.io/acme/app', 'latest'],
    [`quay.io/acme/app@sha256:${'1'.repeat(64)}`, 'latest'],
    ['NOT A REFERENCE', 'latest'],
  ])('names a look at %s that goes nowhere %s', (from, tag) => {
    const { to: _, ...wish } = { ...CONTEXT.wish, from };
    expect(jobOf({ wish, records: false }).key.tag).toBe(tag);
  });
});
