import { describe, expect, it } from 'vitest';
import type { CheckState } from './check-state.ts';
import {
  type ImageStream,
  INSECURE_REPOSITORY_ANNOTATION,
  PREFER_ARCH_ANNOTATION,
  SCHEDULE_ANNOTATION,
  SUSPEND_ANNOTATION,
  type TagReference,
} from './image-stream.ts';
import { type ReconcileContext, reconcileChecks, restoredCheck } from './reconcile-checks.ts';
import { aCheck, aStream, aTag, D1, SETTINGS, T0, T1 } from './testing/a-stream.ts';

const scheduled = (fields: Partial<TagReference> = {}) =>
  aTag({ importPolicy: { scheduled: true, importMode: 'Legacy' }, ...fields });
/** A tag that was looked at and is due in a while. */
const looked = (fields: Partial<CheckState> = {}) =>
  aCheck({
    outcome: 'unchanged',
    lastChecked: T0,
    nextDue: T0 + 9e5,
    fence: 7,
    upstreamDigest: D1,
    image: D1,
    ...fields,
  });
const from = (name: string) => ({ from: { kind: 'DockerImage', name } });

function reconcile(after: ImageStream, context: Partial<ReconcileContext> = {}) {
  return reconcileChecks({
    before: aStream({ tags: [scheduled()] }),
    after,
    checks: new Map([['latest', looked()]]),
    forced: new Set(),
    now: T1,
    settings: SETTINGS,
    ...context,
  });
}

/** What becomes of the one tag; undefined when nothing does. */
const latest = (...args: Parameters<typeof reconcile>) => reconcile(...args)[0]?.state;

describe('reconcileChecks', () => {
  it('leaves a tag alone whose definition did not change', () => {
    expect(reconcile(aStream({ tags: [scheduled()] }))).toEqual([]);
  });

  it('makes a new tag due now, with nothing known', () => {
    const after = aStream({ tags: [scheduled(), scheduled({ name: 'v2' })] });
    expect(reconcile(after)).toEqual([
      {
        tag: 'v2',
        state: expect.objectContaining({ outcome: 'never', nextDue: T1, fence: 0, image: null }),
      },
    ]);
  });

  it.each<[string, ImageStream]>([
    ['source', aStream({ tags: [scheduled(from('quay.io/acme/app:2'))] })],
    [
      'import mode',
      aStream({
        tags: [aTag({ importPolicy: { scheduled: true, importMode: 'PreserveOriginal' } })],
      }),
    ],
    [
      'transport',
      aStream({
        tags: [scheduled()],
        annotations: { [INSECURE_REPOSITORY_ANNOTATION]: 'true' },
      }),
    ],
    [
      'platform',
      aStream({ tags: [scheduled({ annotations: { [PREFER_ARCH_ANNOTATION]: 'arm64' } })] }),
    ],
  ])('forgets what was known under another %s, but not the order of looks', (_, after) => {
    const state = latest(after);
    expect(state).toMatchObject({ outcome: 'never', nextDue: T1, upstreamDigest: null, fence: 7 });
    expect(state?.generation).toBeGreaterThan(looked().generation);
  });

  it('moves a tag to the host of its new source, out of the schedule of the old one', () => {
    const after = aStream({ tags: [scheduled(from('ghcr.io/acme/app'))] });
    expect(reconcile(after)).toEqual([
      {
        tag: 'latest',
        previousHost: 'quay.io',
        state: expect.objectContaining({ host: 'ghcr.io', repository: 'ghcr.io/acme/app' }),
      },
    ]);
  });

  it.each<[string, Partial<TagReference>]>([
    ['removed', { name: 'other', from: null }],
    ['turned into a reference', { reference: true }],
    ['pointed at another stream', { from: { kind: 'ImageStreamTag', name: 'app:v1' } }],
  ])('forgets a tag that was %s', (_, fields) => {
    expect(reconcile(aStream({ tags: [scheduled(fields)] }))).toEqual([
      { tag: 'latest', state: null, previousHost: 'quay.io' },
    ]);
  });

  it('never gives a tag that comes back a generation of its former life', () => {
    // Its generation had run ahead of the stream's: annotations do not count there.
    const former = looked({ generation: 6 });
    const before = { ...aStream({ generation: 2, tags: [] }) };
    const stored = { ...before, metadata: { ...before.metadata, resourceVersion: '9' } };
    const after = aStream({ generation: 3, tags: [scheduled()] });
    const state = latest(after, { before: stored, checks: new Map() });
    expect(state?.generation).toBeGreaterThan(former.generation);
  });

  it('keeps generations at or below the version that the change is going to make', () => {
    const state = latest(aStream({ generation: 3, tags: [scheduled(from('quay.io/b'))] }));
    expect(state?.generation).toBe(8);
  });

  it('gives a changed cadence its time and keeps what is known', () => {
    const annotations = { [SCHEDULE_ANNOTATION]: '2s' };
    const state = latest(aStream({ tags: [scheduled()], annotations }));
    expect(state).toMatchObject({ ...looked(), schedule: '2s', nextDue: expect.any(Number) });
    expect(state?.nextDue).toBeLessThanOrEqual(T1 + 2_200);
  });

  it('leaves a failing tag its wait when only the cadence changes', () => {
    const failing = looked({ attempts: 3, outcome: 'Timeout', nextDue: T1 + 40_000 });
    const annotations = { [SCHEDULE_ANNOTATION]: '2s' };
    const checks = new Map([['latest', failing]]);
    expect(latest(aStream({ tags: [scheduled()], annotations }), { checks })).toMatchObject({
      schedule: '2s',
      nextDue: T1 + 40_000,
    });
  });

  it('takes a suspended tag out of the schedule and brings it back, failing or not', () => {
    const annotations = { [SUSPEND_ANNOTATION]: 'true' };
    for (const known of [looked(), looked({ attempts: 2, outcome: 'Timeout' }), aCheck()]) {
      const checks = new Map([['latest', known]]);
      const suspended = latest(aStream({ tags: [scheduled()], annotations }), { checks });
      expect(suspended).toMatchObject({ suspended: true, nextDue: null });
      const resumed = latest(aStream({ tags: [scheduled()] }), {
        checks: new Map(suspended ? [['latest', suspended]] : []),
      });
      expect(resumed?.nextDue).toBeGreaterThanOrEqual(T1);
    }
  });

  it('does not look at a suspended tag that was edited until it is resumed', () => {
    const annotations = { [SUSPEND_ANNOTATION]: 'true' };
    const edited = latest(aStream({ tags: [scheduled(from('quay.io/b'))], annotations }));
    expect(edited).toMatchObject({ outcome: 'never', nextDue: null, suspended: true });
  });

  it('imports again on demand, without any edit', () => {
    const state = latest(aStream({ tags: [scheduled()] }), { forced: new Set(['latest']) });
    expect(state).toMatchObject({ outcome: 'never', nextDue: T1, upstreamDigest: null });
  });

  it('makes a lost state anew', () => {
    expect(latest(aStream({ tags: [scheduled()] }), { checks: new Map() })).toMatchObject({
      outcome: 'never',
      nextDue: T1,
    });
  });
});

describe('restoredCheck', () => {
  const stream = aStream({
    generation: 2,
    tags: [scheduled()],
    status: [
      {
        tag: 'latest',
        items: [{ created: '', dockerImageReference: 'r', image: D1, generation: 2 }],
      },
    ],
  });

  it('is due now, outdates every look under way, and belongs to the record as it is', () => {
    expect(restoredCheck(stream, 'latest', { now: T1, fence: 40 })).toMatchObject({
      nextDue: T1,
      fence: 40,
      generation: 7,
      outcome: 'never',
      upstreamDigest: null,
      schedule: '',
    });
  });

  it('is not due when the tag is suspended', () => {
    const tag = scheduled({ annotations: { [SUSPEND_ANNOTATION]: 'true' } });
    const suspended = aStream({ tags: [tag] });
    expect(restoredCheck(suspended, tag.name, { now: T1, fence: 1 })?.nextDue).toBeNull();
  });

  it.each<[string, TagReference]>([
    ['a reference', scheduled({ reference: true })],
    ['an unreadable source', scheduled(from('not//readable'))],
  ])('is none for %s', (_, tag) => {
    const unusable = aStream({ tags: [tag] });
    expect(restoredCheck(unusable, tag.name, { now: T1, fence: 1 })).toBeUndefined();
  });
});
