import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ImageStream, REPOSITORY_CHECK_ANNOTATION } from './image-stream.ts';
import { recordImport } from './record-import.ts';
import { created, failed, imported, look, record } from './testing/a-record.ts';
import { aCheck, aStream, aTag, D1, D2, SETTINGS, T0, T1, T2 } from './testing/a-stream.ts';

const stamp = (ms: number) => new Date(ms).toISOString().replace('.000', '');
const tagOf = (stream: ImageStream) => stream.spec.tags?.[0];
const listOf = (stream: ImageStream) => stream.status.tags?.[0];

describe('recordImport', () => {
  it('G1: the first import gives the tag its event and every generation the next number', () => {
    const { stream, changed } = record(created(), [look(1, imported(D1))], T1);
    expect(changed).toBe(true);
    expect(stream.metadata.generation).toBe(2);
    expect(stream.metadata.annotations).toEqual({ [REPOSITORY_CHECK_ANNOTATION]: stamp(T1) });
    expect(tagOf(stream)).toMatchObject({ generation: 2, importPolicy: { importMode: 'Legacy' } });
    expect(listOf(stream)).toEqual({
      tag: 'latest',
      items: [
        {
          created: stamp(T1),
          dockerImageReference: `quay.io/acme/app@${D1}`,
          image: D1,
          generation: 2,
        },
      ],
    });
  });

  it('G2: the same digest again writes nothing', () => {
    const first = record(created(), [look(1, imported(D1))], T1);
    const again = record(first, [look(2, imported(D1))], T2);
    expect(again.changed).toBe(false);
    expect(again.stream).toBe(first.stream);
    expect(again.checks.get('latest')).toMatchObject({
      lastChecked: T2,
      lastChanged: T1,
      fence: 2,
    });
  });

  it('G3: a new digest goes in front', () => {
    const first = record(created(), [look(1, imported(D1))], T1);
    const { stream, history } = record(first, [look(2, imported(D2))], T2);
    expect(stream.metadata.generation).toBe(3);
    expect(
      listOf(stream)?.items?.map(({ image, created: at, generation }) => [image, at, generation]),
    ).toEqual([
      [D2, stamp(T2), 3],
      [D1, stamp(T1), 2],
    ]);
    expect(history).toHaveLength(1);
    expect(history[0]).toMatchObject({ kind: 'append', tag: 'latest' });
  });

  it('G4: when only the generation differs, the event keeps its time and the tag its policy', () => {
    const tag = aTag({ generation: 2, referencePolicy: { type: 'Local' } });
    const event = {
      created: '',
      dockerImageReference: `quay.io/acme/app@${D1}`,
      image: D1,
      generation: 1,
    };
    const stream = aStream({ tags: [tag], status: [{ tag: 'latest', items: [event] }] });
    const checks = new Map([['latest', aCheck()]]);
    const result = record({ stream, checks }, [look(1, imported(D1))], T1);
    expect(listOf(result.stream)?.items).toEqual([{ ...event, generation: 2 }]);
    expect(tagOf(result.stream)?.referencePolicy).toEqual({ type: 'Local' });
  });

  it('G5: a failure leaves the history, a repeated one writes nothing, a recovery clears it', () => {
    const denied = failed(
      'you may not have access to the container image "quay.io/acme/app:latest"',
    );
    const start = record(created(), [look(1, imported(D1))], T0);
    const after1 = record(start, [look(2, denied)], T1);
    expect(after1.stream.metadata.generation).toBe(3);
    expect(tagOf(after1.stream)?.generation).toBe(3);
    expect(listOf(after1.stream)?.items).toEqual(listOf(start.stream)?.items);
    expect(listOf(after1.stream)?.conditions).toEqual([
      {
        type: 'ImportSuccess',
        status: 'False',
        reason: 'Unauthorized',
        message: 'you may not have access to the container image "quay.io/acme/app:latest"',
        generation: 3,
        lastTransitionTime: stamp(T1),
      },
    ]);
    const again = record(after1, [look(3, denied)], T2);
    expect(again.changed).toBe(false);
    const healed = record(
      again,
      [look(4, { kind: 'unchanged', upstreamDigest: D1, image: D1 })],
      T2,
    );
    expect(healed.stream.metadata.generation).toBe(4);
    expect(tagOf(healed.stream)?.generation).toBe(4);
    expect(listOf(healed.stream)).toEqual({
      tag: 'latest',
      items: [
        {
          created: stamp(T0),
          dockerImageReference: `quay.io/acme/app@${D1}`,
          image: D1,
          generation: 4,
        },
      ],
    });
  });

  it('G5: says something when a failure has no message', () => {
    const { stream } = record(created(), [look(1, failed(''))], T1);
    expect(listOf(stream)).toMatchObject({
      items: null,
      conditions: [{ message: 'unknown error prevented import' }],
    });
  });

  it('drops a result of an edited tag and makes the tag due now', () => {
    const checks = new Map([['latest', aCheck({ generation: 3, nextDue: T2 + 1 })]]);
    const result = record({ stream: aStream({}), checks }, [look(9, imported(D1))], T2);
    expect(result.verdicts).toEqual(['stale']);
    expect(result.changed).toBe(false);
    expect(result.checks.get('latest')?.nextDue).toBe(T2);
  });

  it('keeps results of jobs that were under way when another import moved the generation', () => {
    const first = record(created(), [look(1, imported(D1))], T1);
    const second = record(first, [look(2, imported(D2))], T2);
    expect(second.verdicts).toEqual(['recorded']);
  });

  it('ignores an older look that arrives late', () => {
    const first = record(created(), [look(5, imported(D2))], T1);
    const late = record(first, [look(4, imported(D1))], T2);
    expect(late.verdicts).toEqual(['superseded']);
    expect(late.stream).toBe(first.stream);
  });

  it('counts looks of one batch in the order of their fences', () => {
    const looks = [look(3, imported(D1)), look(1, imported(D1)), look(2, imported(D2))];
    const { stream } = record(created(), looks, T1);
    expect(listOf(stream)?.items?.map((event) => event.image)).toEqual([D1, D2, D1]);
  });

  it('answers gone for a tag that left the definition', () => {
    expect(record(created(), [look(1, imported(D1), { tag: 'old' })], T1).verdicts).toEqual([
      'gone',
    ]);
  });

  it('keeps the newest events of the object within the limit', () => {
    let state = created();
    for (let at = 1; at <= 4; at += 1) {
      const image = `sha256:${String(at).repeat(64)}`;
      const context = {
        checks: state.checks,
        now: T0 + at * 1000,
        settings: SETTINGS,
        historyLimit: 2,
      };
      const result = recordImport(state.stream, [look(at, imported(image))], context);
      const check = result.checks[0]?.state;
      state = { stream: result.stream, checks: new Map(check ? [['latest', check]] : []) };
    }
    expect(listOf(state.stream)?.items?.map((event) => event.image.slice(7, 8))).toEqual([
      '4',
      '3',
    ]);
  });
});

describe('recordImport, for any looks', () => {
  const outcome = fc.oneof(
    fc.constantFrom(D1, D2).map((image) => imported(image)),
    fc.constantFrom('a', 'b').map(failed),
  );
  const looksOf = fc
    .uniqueArray(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 8 })
    .chain((fences) => fc.tuple(...fences.map((fence) => outcome.map((one) => look(fence, one)))));

  it('is idempotent: the same looks again change nothing', () => {
    fc.assert(
      fc.property(looksOf, (looks) => {
        const once = record(created(), looks, T1);
        const twice = record(once, looks, T2);
        expect(twice.changed).toBe(false);
        expect(twice.stream).toBe(once.stream);
        expect([...twice.checks]).toEqual([...once.checks]);
      }),
    );
  });

  it('does not depend on the order of delivery inside a batch', () => {
    fc.assert(
      fc.property(looksOf, fc.infiniteStream(fc.nat()), (looks, keys) => {
        const shuffled = looks
          .map((one) => ({ one, key: keys.next().value }))
          .sort((a, b) => a.key - b.key)
          .map(({ one }) => one);
        expect(record(created(), shuffled, T1).stream).toEqual(record(created(), looks, T1).stream);
      }),
    );
  });
});
