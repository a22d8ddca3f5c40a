import { describe, expect, it } from 'vitest';
import type { ImageStream } from './image-stream.ts';
import type { StreamChange } from './image-stream-store.ts';
import { aCheck, aStream, aTag, D1, D2, SETTINGS, T1 } from './testing/a-stream.ts';
import { removeTag, type TagUpsert, upsertTag } from './upsert-tag.ts';
import type { StreamWrite } from './write-image-stream.ts';

const key = { namespace: 'acme', name: 'app' };
const checks = new Map([['latest', aCheck({ schedule: null })]]);
const context = { now: T1, uid: 'u-9', settings: SETTINGS, checks };
const head = (image: string, created = '2026-01-01T10:00:00Z') => ({
  created,
  dockerImageReference: `quay.io/acme/app@${image}`,
  image,
  generation: 1,
});
const sources = [aStream({ name: 'other', tags: [], status: [{ tag: 'v1', items: [head(D1)] }] })];
const copy = aTag({
  name: 'prod',
  from: { kind: 'ImageStreamTag', name: 'app:latest' },
  generation: null,
});

function accepted(write: StreamWrite | undefined): StreamChange & { after: ImageStream } {
  if (write?.ok !== true) throw new Error(JSON.stringify(write));
  if (write.change.after === undefined) throw new Error('no stream after the write');
  return { ...write.change, after: write.change.after };
}

const upsert = (current: ImageStream | undefined, fields: Partial<TagUpsert>) =>
  accepted(upsertTag(current, { key, tag: aTag(), ...fields }, { ...context, sources }));

describe('upsertTag', () => {
  it('creates the stream that is missing, with its tag due', () => {
    const change = upsert(undefined, { tag: aTag({ generation: 0 }) });
    expect(change.before).toBeUndefined();
    expect(change.after).toMatchObject({ metadata: { name: 'app', uid: 'u-9', generation: 1 } });
    expect(change.after.spec.tags).toMatchObject([{ name: 'latest', generation: 1 }]);
  });

  it('adds a tag beside the others, in order of names, and leaves those alone', () => {
    const change = upsert(aStream({}), { tag: aTag({ name: 'edge', generation: null }) });
    expect(change.after.spec.tags?.map(({ name, generation }) => [name, generation])).toEqual([
      ['edge', 2],
      ['latest', 1],
    ]);
    expect(change.checks.map(({ tag }) => tag)).toEqual(['edge']);
  });

  it('imports again for generation 0, and not for null', () => {
    const again = upsert(aStream({}), { tag: aTag({ generation: 0 }) });
    expect(again.after.spec.tags).toMatchObject([{ generation: 2 }]);
    expect(again.checks).toMatchObject([{ tag: 'latest', state: { nextDue: T1 } }]);
    const same = upsert(aStream({}), { tag: aTag({ generation: null }) });
    expect(same.recordUnchanged).toBe(true);
    expect(same.checks).toEqual([]);
  });

  it('records what another tag points to at once, in the stream and in its history', () => {
    const change = upsert(aStream({ status: [{ tag: 'latest', items: [head(D1)] }] }), {
      tag: copy,
    });
    const event = { ...head(D1), created: '2026-01-01T10:01:00Z', generation: 2 };
    expect(change.after.status.tags).toMatchObject([
      { tag: 'latest' },
      { tag: 'prod', items: [event] },
    ]);
    expect(change.history).toEqual([{ tag: 'prod', kind: 'append', event }]);
    expect(change.checks).toEqual([]);
  });

  it('copies from another stream once: the same definition again does not look at its source', () => {
    const from = { kind: 'ImageStreamTag', name: 'other:v1' };
    const first = upsert(aStream({}), { tag: { ...copy, from } });
    expect(first.after.status.tags).toMatchObject([{ tag: 'prod', items: [{ image: D1 }] }]);
    const moved = [aStream({ name: 'other', status: [{ tag: 'v1', items: [head(D2)] }] })];
    const write = upsertTag(
      first.after,
      { key, tag: { ...copy, from } },
      {
        ...context,
        sources: moved,
      },
    );
    expect(accepted(write).recordUnchanged).toBe(true);
  });

  it('forgets the failure of a tag that copies from now on, and its check', () => {
    const condition = {
      type: 'ImportSuccess' as const,
      status: 'False' as const,
      lastTransitionTime: '2026-01-01T10:00:00Z',
      reason: 'NotFound',
      message: 'no such tag',
      generation: 1,
    };
    const stream = aStream({ status: [{ tag: 'latest', items: null, conditions: [condition] }] });
    const from = { kind: 'ImageStreamTag', name: 'other:v1' };
    const change = upsert(stream, { tag: aTag({ from, generation: null }) });
    expect(change.after.status.tags).toMatchObject([{ tag: 'latest', items: [{ image: D1 }] }]);
    expect(change.after.status.tags?.[0]?.conditions).toBeUndefined();
    expect(change.checks).toEqual([{ tag: 'latest', state: null, previousHost: 'quay.io' }]);
  });

  it('refuses what a stream may not hold', () => {
    const tag = aTag({ from: { kind: 'DockerImage', name: 'Not A Name' } });
    expect(upsertTag(undefined, { key, tag }, context).ok).toBe(false);
  });
});

describe('removeTag', () => {
  it('takes the definition, the events and the check away', () => {
    const stream = aStream({ status: [{ tag: 'latest', items: [head(D1)] }] });
    const change = accepted(removeTag(stream, 'latest', context));
    expect(change.after.spec.tags).toBeUndefined();
    expect(change.after.status.tags).toBeUndefined();
    expect(change.after.metadata.generation).toBe(2);
    expect(change.checks).toEqual([{ tag: 'latest', state: null, previousHost: 'quay.io' }]);
  });

  it('takes away what only the status has, and writes the record for it', () => {
    const stream = aStream({ status: [{ tag: 'old', items: [head(D1)] }] });
    const change = accepted(removeTag(stream, 'old', context));
    expect(change.after.status.tags).toBeUndefined();
    expect(change.recordUnchanged).toBeUndefined();
    expect(change.after.spec.tags).toHaveLength(1);
    expect(change.checks).toEqual([]);
  });

  it('says when there is nothing to take away', () => {
    expect(removeTag(aStream({}), 'absent', context)).toBeUndefined();
  });
});
