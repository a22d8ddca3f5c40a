import {
  type CheckState,
  createImageStream,
  decodeImageStream,
  type ImageStream,
  PREFER_ARCH_ANNOTATION,
  PREFER_OS_ANNOTATION,
} from '@tagtrail/image-stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createImportJob } from './create-import-job.ts';
import { decodeImportJob, encodeImportJob } from './encode-import-job.ts';

const NOW = Date.UTC(2026, 0, 1, 10);
const DIGEST = `sha256:${'1'.repeat(64)}`;
const settings = { defaultInterval: 9e5, minimumInterval: 1e3, hostIntervals: {}, retryBase: 5e3 };

function created(tag: object = {}, metadata: object = {}) {
  const from = { kind: 'DockerImage', name: 'quay.io/acme/app:v1' };
  const decoded = decodeImageStream({
    metadata: { name: 'app', namespace: 'demo', ...metadata },
    spec: { tags: [{ name: 'v1', from, ...tag }] },
  });
  if (!decoded.ok) throw new Error(JSON.stringify(decoded.causes));
  const write = createImageStream(decoded.stream, { now: NOW, uid: 'u-1', settings });
  if (!write.ok || write.change.after === undefined) throw new Error('refused');
  const state = write.change.checks[0]?.state;
  if (!state) throw new Error('no check');
  return { stream: write.change.after, state };
}

function jobOf({ stream, state }: { stream: ImageStream; state: CheckState }) {
  const tag = stream.spec.tags?.[0];
  if (tag === undefined) throw new Error('no tag');
  return createImportJob({ stream, tag, state, reason: 'interval', dueAt: NOW, now: NOW + 5 });
}

describe('createImportJob', () => {
  it('asks for a tag as it is defined now', () => {
    expect(jobOf(created())).toEqual({
      version: 1,
      key: { namespace: 'demo', name: 'app', uid: 'u-1', tag: 'v1' },
      generation: 1,
      requestCount: 0,
      reason: 'interval',
      dueAt: NOW,
      createdAt: NOW + 5,
      from: 'quay.io/acme/app:v1',
      insecure: false,
      importMode: 'Legacy',
    });
  });

  it('takes insecure transport from the tag or from the stream', () => {
    expect(jobOf(created({ importPolicy: { insecure: true } })).insecure).toBe(true);
    const annotations = { 'openshift.io/image.insecureRepository': 'true' };
    expect(jobOf(created({}, { annotations })).insecure).toBe(true);
  });

  it('tells what is known, both digests or none', () => {
    const { stream, state } = created();
    const known = { upstreamDigest: DIGEST, image: DIGEST };
    expect(jobOf({ stream, state: { ...state, ...known } }).known).toEqual(known);
    expect(jobOf({ stream, state: { ...state, image: DIGEST } })).not.toHaveProperty('known');
    const odd = { upstreamDigest: DIGEST, image: 'sha256:odd' };
    expect(jobOf({ stream, state: { ...state, ...odd } })).not.toHaveProperty('known');
  });

  it('prefers a platform that the tag names', () => {
    const annotations = { [PREFER_ARCH_ANNOTATION]: 'arm64', [PREFER_OS_ANNOTATION]: 'linux' };
    expect(jobOf(created({ annotations }))).toMatchObject({
      preferArchitecture: 'arm64',
      preferOs: 'linux',
    });
  });

  it('makes a job that a worker can read, whatever the annotations say', () => {
    const text = fc.oneof(fc.string(), fc.constantFrom('', ' ', 'arm64', 'x'.repeat(65)));
    fc.assert(
      fc.property(text, text, (arch, os) => {
        const annotations = { [PREFER_ARCH_ANNOTATION]: arch, [PREFER_OS_ANNOTATION]: os };
        const job = jobOf(created({ annotations }));
        expect(decodeImportJob(JSON.parse(JSON.stringify(encodeImportJob(job))))).toEqual({
          ok: true,
          job,
        });
      }),
    );
  });
});
