import { describe, expect, it } from 'vitest';
import type { CheckState } from './check-state.ts';
import type { RequestedTag, TagOutcome } from './import-outcome.ts';
import { importedStream } from './imported-stream.ts';
import { created, failed, imported, look, record } from './testing/a-record.ts';
import { aCheck, aStream, aTag, D1, D2, T0, T1, T2 } from './testing/a-stream.ts';

const wish = (fields: Partial<RequestedTag> = {}): RequestedTag => ({
  importPolicy: { importMode: 'Legacy' },
  referencePolicy: { type: 'Source' },
  createsStream: false,
  listed: false,
  ...fields,
});

const requested = (
  fence: number,
  outcome: TagOutcome['outcome'],
  fields: Partial<TagOutcome> = {},
): TagOutcome => look(fence, outcome, { requested: wish(), ...fields });

/** A look at the tag as it was admitted: with this generation. */
const untouched = (tagGeneration: number, fields: Partial<RequestedTag> = {}) =>
  requested(2, imported(D1), { generation: 0, requested: wish({ tagGeneration, ...fields }) });

const none: ReadonlyMap<string, CheckState> = new Map();
const emptyStream = () =>
  importedStream({ namespace: 'acme', name: 'app' }, { uid: 'u-9', now: T1 });

describe('recordImport, requested', () => {
  it('makes the stream, the tag and its event in one commit of generation 1', () => {
    const asked = requested(3, imported(D1), { generation: 0 });
    const { stream, verdicts, checks } = record(
      { stream: emptyStream(), checks: none },
      [asked],
      T1,
    );
    expect(verdicts).toEqual(['recorded']);
    expect(stream.metadata).toMatchObject({ uid: 'u-9', generation: 1 });
    expect(stream.spec.tags).toEqual([
      {
        name: 'latest',
        annotations: null,
        from: { kind: 'DockerImage', name: 'quay.io/acme/app:latest' },
        generation: 1,
        importPolicy: { importMode: 'Legacy' },
        referencePolicy: { type: 'Source' },
      },
    ]);
    expect(stream.status.tags?.[0]?.items?.[0]).toMatchObject({ image: D1, generation: 1 });
    expect(checks.get('latest')).toMatchObject({ fence: 3, outcome: 'imported', nextDue: null });
  });

  it('defines a tag that fails, with its condition and a retry', () => {
    const asked = requested(3, failed('no'), { generation: 0 });
    const { stream, checks } = record({ stream: emptyStream(), checks: none }, [asked], T1);
    expect(stream.spec.tags?.[0]).toMatchObject({ name: 'latest', generation: 1 });
    expect(stream.status.tags?.[0]).toMatchObject({
      items: null,
      conditions: [{ reason: 'Unauthorized', generation: 1 }],
    });
    expect(checks.get('latest')).toMatchObject({ attempts: 1, outcome: 'Unauthorized' });
  });

  it('leaves a listed tag that fails undefined, and says so in its status', () => {
    const asked = requested(3, failed('no'), { generation: 0, requested: wish({ listed: true }) });
    const { stream, checks } = record({ stream: emptyStream(), checks: none }, [asked], T1);
    expect(stream.spec.tags).toBeUndefined();
    expect(stream.metadata.generation).toBe(1);
    expect(stream.status.tags?.[0]?.conditions).toHaveLength(1);
    expect(checks.size).toBe(0);
  });

  it('does not bring back the image that a look beside it moved the tag away from', () => {
    const first = record(created(), [look(1, imported(D1))], T0);
    const beside = record(first, [look(6, imported(D2), { endFence: 7 })], T1);
    const late = record(beside, [requested(5, imported(D1), { endFence: 9 })], T2);
    expect([late.verdicts, late.history]).toEqual([['superseded'], []]);
    // What the client pushed after that look had its answer.
    const fresh = record(first, [look(6, imported(D1), { endFence: 7 })], T1);
    const asked = record(fresh, [requested(7, imported(D2), { endFence: 9 })], T2);
    expect([asked.verdicts, asked.history.map(({ event }) => event.image)]).toEqual([
      ['recorded'],
      [D2],
    ]);
  });

  it('answers an unchanged tag without a write, and turns on its schedule where that is asked', () => {
    const first = record(created(), [look(1, imported(D1))], T0);
    const again = record(first, [requested(2, imported(D1))], T1);
    expect([again.changed, again.verdicts]).toEqual([false, ['recorded']]);
    expect(again.stream.status).toEqual(first.stream.status);
    const importPolicy = { scheduled: true, importMode: 'Legacy' } as const;
    const asked = requested(3, imported(D1), { requested: wish({ importPolicy }) });
    const scheduled = record(again, [asked], T2);
    expect(scheduled.stream.spec.tags?.[0]).toMatchObject({ importPolicy, generation: 2 });
    expect(scheduled.stream.metadata.generation).toBe(3);
    expect(scheduled.checks.get('latest')?.nextDue).toBeGreaterThan(T2);
  });

  it('takes over another source with its first success and outdates the looks at the old one', () => {
    const first = record(created(), [look(1, imported(D1))], T0);
    const asked = requested(2, imported(D2, 'quay.io/acme/new'), { from: 'quay.io/acme/new:1' });
    const moved = record(first, [asked], T1);
    expect(moved.stream.spec.tags?.[0]?.from?.name).toBe('quay.io/acme/new:1');
    expect(moved.stream.status.tags?.[0]?.items?.map(({ image }) => image)).toEqual([D2, D1]);
    const generation = moved.checks.get('latest')?.generation ?? 0;
    expect(generation).toBe(8);
    expect(record(moved, [look(3, imported(D1))], T2).verdicts).toEqual(['stale']);
  });

  it('keeps the source when only its spelling of the tag differs and the image is the same', () => {
    const first = record(created(), [look(1, imported(D1))], T0);
    const asked = requested(2, imported(D1), { from: 'quay.io/acme/app:other' });
    const { stream } = record(first, [asked], T1);
    expect(stream.spec.tags?.[0]?.from?.name).toBe('quay.io/acme/app:latest');
  });

  it('keeps the old source when the new one fails', () => {
    const first = record(created(), [look(1, imported(D1))], T0);
    const asked = requested(2, failed('no'), { from: 'quay.io/acme/new:1' });
    const { stream, checks } = record(first, [asked], T1);
    expect(stream.spec.tags?.[0]?.from?.name).toBe('quay.io/acme/app:latest');
    expect(stream.status.tags?.[0]?.items?.[0]?.image).toBe(D1);
    expect(stream.status.tags?.[0]?.conditions).toHaveLength(1);
    expect(checks.get('latest')).toMatchObject({ fence: 1, attempts: 0 });
  });

  it('drops the look at a tag that was edited or deleted since it was asked for', () => {
    const edited = {
      stream: aStream({}),
      checks: new Map([['latest', aCheck({ generation: 4 })]]),
    };
    const asked = requested(2, imported(D1), { from: 'quay.io/acme/new:1' });
    expect(record(edited, [asked], T1)).toMatchObject({ changed: false, verdicts: ['stale'] });
    const deleted = { stream: aStream({ tags: [] }), checks: none };
    expect(record(deleted, [requested(2, imported(D1))], T1).verdicts).toEqual(['stale']);
  });

  it('records a look at the very definition that the tag got meanwhile', () => {
    const edited = {
      stream: aStream({}),
      checks: new Map([['latest', aCheck({ generation: 4 })]]),
    };
    const { verdicts, stream } = record(
      edited,
      [requested(2, imported(D1), { generation: 0 })],
      T1,
    );
    expect(verdicts).toEqual(['recorded']);
    expect(stream.status.tags?.[0]?.items?.[0]?.image).toBe(D1);
  });

  it('lets a newer look stand, but not its schedule', () => {
    const first = record(created(), [look(5, imported(D2))], T0);
    const importPolicy = { scheduled: true, importMode: 'Legacy' } as const;
    const asked = (tagGeneration: number) =>
      requested(4, imported(D1), { requested: wish({ importPolicy, tagGeneration }) });
    expect(record(first, [asked(1)], T1)).toMatchObject({ changed: false, verdicts: ['stale'] });
    const { stream, verdicts, checks } = record(first, [asked(2)], T1);
    expect(verdicts).toEqual(['superseded']);
    expect(stream.status.tags?.[0]?.items?.[0]?.image).toBe(D2);
    expect(stream.spec.tags?.[0]?.importPolicy.scheduled).toBe(true);
    expect(checks.get('latest')).toMatchObject({ fence: 5, schedule: '' });
    expect(checks.get('latest')?.nextDue).toBeGreaterThan(T1);
  });

  it('takes over a tag that copied another one', () => {
    const copy = aTag({ from: { kind: 'ImageStreamTag', name: 'other:latest' } });
    const start = { stream: aStream({ tags: [copy] }), checks: none };
    const { stream, checks } = record(start, [untouched(1)], T1);
    expect(stream.spec.tags?.[0]?.from?.kind).toBe('DockerImage');
    expect(checks.get('latest')).toMatchObject({ fence: 2, generation: 8 });
  });

  it('drops the look when a copying tag was edited since', () => {
    const copy = aTag({ from: { kind: 'ImageStreamTag', name: 'other:latest' }, generation: 3 });
    const start = { stream: aStream({ tags: [copy] }), checks: none };
    expect(record(start, [untouched(1)], T1).verdicts).toEqual(['stale']);
    const fresh = requested(2, imported(D1), { generation: 0 });
    expect(record(start, [fresh], T1).verdicts).toEqual(['stale']);
  });

  it('takes over a tag that a listing found and that never succeeded', () => {
    const check = aCheck({ generation: 7, attempts: 3, outcome: 'Unauthorized' });
    const start = { stream: aStream({ tags: [] }), checks: new Map([['latest', check]]) };
    const { verdicts, stream } = record(start, [requested(2, imported(D1), { generation: 7 })], T1);
    expect(verdicts).toEqual(['recorded']);
    expect(stream.spec.tags).toHaveLength(1);
  });

  it('has the next look of a tag cleared of a failure that was not its own', () => {
    const first = record(created(), [look(1, imported(D1))], T0);
    const failing = record(first, [requested(2, failed('no'), { from: 'quay.io/acme/new:1' })], T1);
    expect(failing.checks.get('latest')?.outcome).toBe('never');
    const same = { kind: 'unchanged', upstreamDigest: D1, image: D1 } as const;
    const generation = failing.checks.get('latest')?.generation ?? 0;
    const next = record(failing, [look(3, same, { generation })], T2);
    expect(next.stream.status.tags?.[0]?.conditions).toBeUndefined();
  });

  it('records nothing of an image whose document is lost', () => {
    const start = { stream: emptyStream(), checks: none };
    const asked = requested(2, imported(D1), { generation: 0 });
    const { changed, verdicts } = record(start, [asked], T1, new Set([D1]));
    expect([changed, verdicts]).toEqual([false, ['undocumented']]);
  });
});
