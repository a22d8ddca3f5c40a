import { describe, expect, it } from 'vitest';
import type { CheckState } from './check-state.ts';
import type { ImageStream } from './image-stream.ts';
import type { ListingOutcome } from './import-outcome.ts';
import { reconcileChecks } from './reconcile-checks.ts';
import { recordListing } from './record-listing.ts';
import { LISTING_TAG } from './repository-tags.ts';
import { failed, imported, look, record } from './testing/a-record.ts';
import { aStream, aTag, D1, SETTINGS, T0, T1, T2 } from './testing/a-stream.ts';
import { removeTag } from './upsert-tag.ts';
import { createImageStream, replaceImageStream } from './write-image-stream.ts';

const REPOSITORY = 'docker.io/openshift/ruby-20-centos7';

interface Followed {
  readonly stream: ImageStream;
  readonly checks: ReadonlyMap<string, CheckState>;
}

function created(fields: Parameters<typeof aStream>[0] = {}): Followed {
  const input = aStream({ tags: [], dockerImageRepository: REPOSITORY, ...fields });
  const write = createImageStream(input, { now: T0, uid: 'u-1', settings: SETTINGS });
  if (!write.ok) throw new Error('refused');
  const { after, checks } = write.change;
  const states = checks.flatMap(({ tag, state }) => (state ? [[tag, state] as const] : []));
  const metadata = { ...after?.metadata, name: 'app', resourceVersion: '7' };
  return { stream: { ...(after ?? input), metadata }, checks: new Map(states) };
}

function listed(start: Followed, outcome: ListingOutcome, fields = {}) {
  const generation = start.checks.get(LISTING_TAG)?.generation ?? 0;
  const result = { generation, fence: 1, from: REPOSITORY, outcome, ...fields };
  const recorded = recordListing(start.stream, result, { ...start, now: T1, settings: SETTINGS });
  const checks = new Map(start.checks);
  for (const { tag, state } of recorded.checks) if (state) checks.set(tag, state);
  return { ...recorded, stream: start.stream, checks };
}

const tags = (...names: string[]): ListingOutcome => ({ kind: 'listed', tags: names });

describe('recordListing', () => {
  it('is due at once when a stream that follows a repository is created', () => {
    expect(created().checks.get(LISTING_TAG)).toMatchObject({
      host: 'docker.io',
      repository: 'docker.io/openshift/ruby-20-centos7',
      nextDue: T0,
      schedule: null,
    });
  });

  it('G16: the documented object after the first success, and nothing in the spec before it', () => {
    const after = listed(created(), tags('latest'));
    expect(after.stream.spec.tags ?? []).toEqual([]);
    const from = `${REPOSITORY}:latest`;
    const generation = after.checks.get('latest')?.generation ?? -1;
    const outcome = imported(D1, REPOSITORY);
    const { stream } = record(after, [look(2, outcome, { from, generation })], T1);
    expect(stream.metadata).toMatchObject({
      generation: 2,
      annotations: { 'openshift.io/image.dockerRepositoryCheck': '2026-01-01T10:01:00Z' },
    });
    expect(stream.spec).toEqual({
      lookupPolicy: { local: false },
      dockerImageRepository: REPOSITORY,
      tags: [
        {
          name: 'latest',
          annotations: null,
          from: { kind: 'DockerImage', name: from },
          generation: 2,
          importPolicy: { importMode: 'Legacy' },
          referencePolicy: { type: 'Source' },
        },
      ],
    });
    expect(stream.status.tags).toEqual([
      {
        tag: 'latest',
        items: [
          {
            created: '2026-01-01T10:01:00Z',
            dockerImageReference: `${REPOSITORY}@${D1}`,
            image: D1,
            generation: 2,
          },
        ],
      },
    ]);
  });

  it('leaves a listed tag that fails out of the spec, and tries it again', () => {
    const after = listed(created(), tags('latest'));
    const generation = after.checks.get('latest')?.generation ?? -1;
    const fields = { from: `${REPOSITORY}:latest`, generation };
    const missed = record(after, [look(2, failed('no'), fields)], T1);
    expect(missed.stream.spec.tags ?? []).toEqual([]);
    expect(missed.stream.status.tags?.[0]?.conditions).toHaveLength(1);
    expect(missed.checks.get('latest')?.nextDue).toBeGreaterThan(T1);
    const found = record(missed, [look(3, imported(D1, REPOSITORY), fields)], T2);
    expect(found.stream.spec.tags?.map(({ name }) => name)).toEqual(['latest']);
    expect(found.stream.status.tags?.[0]?.conditions).toBeUndefined();
  });

  it('makes the first 50 tags due, and none that the stream defines itself', () => {
    const names = Array.from({ length: 60 }, (_, index) => `t${index}`);
    const start = created({ tags: [aTag({ name: 't0' })] });
    const { checks } = listed(start, tags(...names));
    expect(checks.size).toBe(1 + 50);
    expect(checks.get('t0')?.repository).toBe('quay.io/acme/app');
    expect(checks.has('t49')).toBe(true);
    expect(checks.has('t50')).toBe(false);
  });

  it('tries a failed listing again, and writes nothing else', () => {
    const { checks, verdict } = listed(created(), failed('no'));
    expect(verdict).toBe('recorded');
    expect(checks.size).toBe(1);
    expect(checks.get(LISTING_TAG)).toMatchObject({ attempts: 1, outcome: 'Unauthorized' });
    expect(checks.get(LISTING_TAG)?.nextDue).toBeGreaterThan(T1);
  });

  it('counts a listing once, and none of another repository or generation', () => {
    const once = listed(created(), tags('latest'));
    expect(listed(once, tags('other')).verdict).toBe('superseded');
    expect(listed(once, tags('other'), { fence: 2, from: 'quay.io/a/b' }).verdict).toBe('gone');
    const stale = listed(once, tags('other'), { fence: 2, generation: 99 });
    expect([stale.verdict, stale.checks.get(LISTING_TAG)?.nextDue]).toEqual(['stale', T1]);
  });

  it('keeps listed tags over an edit, and forgets them with another repository', () => {
    const start = listed(created(), tags('latest'));
    const edit = (input: ImageStream) => {
      const context = { now: T2, uid: 'u-1', settings: SETTINGS, checks: start.checks };
      const write = replaceImageStream(start.stream, input, context);
      return write.ok ? write.change.checks : [];
    };
    const { metadata, spec } = start.stream;
    expect(edit({ ...start.stream, metadata: { ...metadata, labels: { a: 'b' } } })).toEqual([]);
    const other = { ...start.stream, spec: { ...spec, dockerImageRepository: 'quay.io/a/b' } };
    expect(edit(other)).toEqual([
      expect.objectContaining({
        tag: LISTING_TAG,
        state: expect.objectContaining({ nextDue: T2 }),
      }),
      expect.objectContaining({ tag: 'latest', state: null }),
    ]);
  });

  it('lets go of a listed tag that somebody took away', () => {
    const start = listed(created(), tags('latest'));
    const conditions = [
      {
        type: 'ImportSuccess' as const,
        status: 'False' as const,
        lastTransitionTime: '',
        reason: 'NotFound',
        message: 'no',
        generation: 2,
      },
    ];
    const status = { ...start.stream.status, tags: [{ tag: 'latest', items: null, conditions }] };
    const failing = { ...start.stream, status };
    const changes = reconcileChecks({
      before: failing,
      after: start.stream,
      checks: start.checks,
      forced: new Set(),
      now: T2,
      settings: SETTINGS,
    });
    expect(changes).toEqual([expect.objectContaining({ tag: 'latest', state: null })]);
  });

  it('lets go of a listed tag that is deleted by itself', () => {
    const start = listed(created(), tags('latest'));
    const status = { ...start.stream.status, tags: [{ tag: 'latest', items: null }] };
    const context = { now: T2, uid: 'u-1', settings: SETTINGS, checks: start.checks };
    const write = removeTag({ ...start.stream, status }, 'latest', context);
    expect(write?.ok && write.change.checks).toEqual([
      { tag: 'latest', state: null, previousHost: 'docker.io' },
    ]);
  });

  it('suspends and resumes listed tags with their stream', () => {
    const start = listed(created(), tags('latest'));
    const annotations = { 'tagtrail.dev/suspend': 'true' };
    const suspended = { ...start.stream, metadata: { ...start.stream.metadata, annotations } };
    const edit = (before: ImageStream, after: ImageStream, checks: Followed['checks']) => {
      const context = { before, after, checks, forced: new Set<string>(), now: T2 };
      const changes = reconcileChecks({ ...context, settings: SETTINGS });
      return changes.flatMap(({ tag, state }) => (state ? [[tag, state] as const] : []));
    };
    const stopped = new Map(edit(start.stream, suspended, start.checks));
    expect(stopped.get('latest')).toMatchObject({ suspended: true, nextDue: null });
    const resumed = new Map(edit(suspended, start.stream, stopped));
    expect(resumed.get('latest')).toMatchObject({ suspended: false, nextDue: T2 });
  });

  it('keeps within the number of tags that a stream may have', () => {
    const many = Array.from({ length: 990 }, (_, index) => aTag({ name: `own${index}` }));
    const { checks } = listed(
      created({ tags: many }),
      tags(...Array.from({ length: 30 }, (_, i) => `t${i}`)),
    );
    expect([...checks.keys()].filter((name) => name.startsWith('t'))).toHaveLength(10);
  });

  it('lists again when the mark of the first import is taken off', () => {
    const start = listed(created(), tags('latest'));
    const annotations = { 'openshift.io/image.dockerRepositoryCheck': '2026-01-01T10:01:00Z' };
    const marked = { ...start.stream, metadata: { ...start.stream.metadata, annotations } };
    const context = { now: T2, uid: 'u-1', settings: SETTINGS, checks: start.checks };
    const write = replaceImageStream(marked, start.stream, context);
    expect(write.ok && write.change.checks[0]).toMatchObject({
      tag: LISTING_TAG,
      state: { outcome: 'never', nextDue: T2 },
    });
  });
});
