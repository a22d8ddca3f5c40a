import type { ImageStream, TagEvent } from '@tagtrail/image-stream';
import { describe, expect, it } from 'vitest';
import { anEvent, aStream, digest } from '../testing/a-stream.ts';
import { createChange } from '../watch/change.ts';
import { movesOf } from './moves-of.ts';

const first = anEvent();
const second = anEvent({ image: digest('2'), created: '2026-01-02T10:00:00Z' });

describe('movesOf', () => {
  it.each([
    ['a first image', [], [first], [null, digest('1')]],
    ['another image', [first], [second, first], [digest('1'), digest('2')]],
    ['the same image of a later generation', [first], [{ ...first, generation: 2 }], undefined],
    ['nothing new', [first], [first], undefined],
    ['an image gone', [first], [], undefined],
  ])('sees in %s', (_, before, after, expected) => {
    const [move] = movesOf(change(withEvents(before), withEvents(after)));
    expect(move && [move.from, move.to]).toEqual(expected);
  });

  it('shows the pull spec of a reference tag, which has no image', () => {
    const event = anEvent({ image: '', dockerImageReference: 'quay.io/acme/web:1' });
    expect(movesOf(change(undefined, withEvents([event])))).toEqual([
      {
        namespace: 'shop',
        name: 'web',
        tag: 'latest',
        from: null,
        to: 'quay.io/acme/web:1',
        at: first.created,
      },
    ]);
  });

  it('sees none in a deletion', () => {
    expect(movesOf(change(withEvents([first]), undefined))).toEqual([]);
  });
});

function withEvents(items: readonly TagEvent[]): ImageStream {
  const status = { dockerImageRepository: '', tags: [{ tag: 'latest', items }] };
  return { ...aStream('web'), status };
}

function change(before: ImageStream | undefined, after: ImageStream | undefined) {
  const key = { namespace: 'shop', name: 'web' };
  const created = createChange({ resourceVersion: '42', key, before, after });
  if (created === undefined) throw new Error('no change');
  return created;
}
