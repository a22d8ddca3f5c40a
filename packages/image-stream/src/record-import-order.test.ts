import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TagOutcome } from './import-outcome.ts';
import { latestEvent } from './record-import.ts';
import { created, failed, imported, look, record } from './testing/a-record.ts';
import { D1, D2, T0 } from './testing/a-stream.ts';

const D3 = `sha256:${'3'.repeat(64)}`;
const LATEST = 60;
const outcome = fc.oneof(
  fc.constantFrom(D1, D2, D3).map((image) => imported(image)),
  fc.constantFrom('a', 'b').map(failed),
);
const looks = fc
  .uniqueArray(fc.integer({ min: 1, max: LATEST - 1 }), { minLength: 1, maxLength: 10 })
  .chain((fences) => fc.tuple(...fences.map((fence) => outcome.map((one) => look(fence, one)))));

/** Deliveries, batch by batch, of the same looks: out of order, in other batches, and some of them again. */
function deliveries(all: readonly TagOutcome[]): fc.Arbitrary<readonly TagOutcome[][]> {
  const times = fc.array(fc.integer({ min: 1, max: 3 }), {
    minLength: all.length,
    maxLength: all.length,
  });
  const repeated = times.map((counts) =>
    all.flatMap((one, at) => Array.from({ length: counts[at] ?? 1 }, () => ({ ...one }))),
  );
  return repeated
    .chain((list) => fc.shuffledSubarray(list, { minLength: list.length }))
    .chain((list) =>
      fc
        .array(fc.boolean(), { minLength: list.length, maxLength: list.length })
        .map((cuts) => cutAt(list, cuts)),
    );
}

function cutAt(list: readonly TagOutcome[], cuts: readonly boolean[]): TagOutcome[][] {
  const batches: TagOutcome[][] = [[]];
  for (const [at, one] of list.entries()) {
    if (cuts[at] === true) batches.push([]);
    batches.at(-1)?.push(one);
  }
  return batches.filter((batch) => batch.length > 0);
}

function deliver(batches: readonly TagOutcome[][]) {
  let state: Parameters<typeof record>[0] = created();
  const history: unknown[] = [];
  const verdicts: [number, string][] = [];
  for (const [at, batch] of batches.entries()) {
    const recorded = record(state, batch, T0 + at * 1_000);
    history.push(...recorded.history);
    for (const [index, verdict] of recorded.verdicts.entries()) {
      verdicts.push([batch[index]?.fence ?? 0, verdict]);
    }
    state = recorded;
  }
  return { state, history, verdicts };
}

const delivered = looks.chain((all) =>
  fc.tuple(fc.constant(all), deliveries(all), fc.constantFrom(D1, D2, D3)),
);

describe('recordImport, for looks in any order, batches and repetition', () => {
  it('ends at the newest look', () => {
    fc.assert(
      fc.property(delivered, fc.nat(), ([, batches, image], place) => {
        const newest = look(LATEST, imported(image));
        const at = place % (batches.length + 1);
        const { state } = deliver(batches.toSpliced(at, 0, [newest]));
        expect(state.checks.get('latest')).toMatchObject({ fence: LATEST, image, attempts: 0 });
        expect(latestEvent(state.stream, 'latest')?.image).toBe(image);
      }),
    );
  });

  it('counts every look at most once, and none after a newer one', () => {
    fc.assert(
      fc.property(delivered, ([all, batches]) => {
        const { verdicts, state } = deliver(batches);
        const counted = verdicts.filter(([, verdict]) => verdict === 'recorded');
        const fences = counted.map(([fence]) => fence);
        expect(new Set(fences).size).toBe(fences.length);
        expect(Math.max(...fences)).toBe(Math.max(...all.map(({ fence }) => fence)));
        expect(state.checks.get('latest')?.fence).toBe(Math.max(...fences));
        const others = verdicts.filter(([, verdict]) => verdict !== 'recorded');
        expect(others.every(([, verdict]) => verdict === 'superseded')).toBe(true);
      }),
    );
  });

  it('tells of a move only when the image is another one than before, and of each once', () => {
    fc.assert(
      fc.property(delivered, ([, batches]) => {
        const { state, history } = deliver(batches);
        const items = state.stream.status.tags?.find(({ tag }) => tag === 'latest')?.items ?? [];
        const appended = history.filter((one) => (one as { kind: string }).kind === 'append');
        expect(appended).toHaveLength(items.length);
        for (const [at, { image }] of items.entries()) expect(items[at + 1]?.image).not.toBe(image);
      }),
    );
  });

  it('changes nothing when everything is delivered again', () => {
    fc.assert(
      fc.property(delivered, ([all, batches]) => {
        const { state } = deliver(batches);
        const again = record(state, all, T0 + 1e6);
        expect(again.changed).toBe(false);
        expect(again.history).toEqual([]);
        expect(again.stream).toBe(state.stream);
        expect(new Map(again.checks)).toEqual(new Map(state.checks));
      }),
    );
  });
});
