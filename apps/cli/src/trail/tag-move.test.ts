import { IMAGE_API_VERSION, type ImageStream, type TagEvent } from '@tagtrail/image-stream';
import { describe, expect, it } from 'vitest';
import { createMoveTracker } from './tag-move.ts';

/** `A5` is image A recorded in second 5. */
function event(text: string): TagEvent {
  const [image, second] = [text.slice(0, 1), text.slice(1)];
  return {
    created: `2026-11-23T05:27:0${second}Z`,
    dockerImageReference: `r/x@sha256:${image}`,
    image: `sha256:${image}`,
    generation: 1,
  };
}

function stream(items: string, uid = 'u'): ImageStream {
  return {
    kind: 'ImageStream',
    apiVersion: IMAGE_API_VERSION,
    metadata: { name: 'web', namespace: 'demo', uid },
    spec: {},
    status: {
      dockerImageRepository: '',
      tags: [{ tag: 'latest', items: items.split(' ').filter(Boolean).map(event) }],
    },
  };
}

/** Moves seen when the tag's events go from one list to the next, as `A→B`. */
function moves(...lists: string[]): readonly string[] {
  const tracker = createMoveTracker();
  const [first = '', ...rest] = lists;
  tracker.adopt(stream(first));
  return rest
    .flatMap((items) => tracker.observe(stream(items)))
    .map((move) => `${move.from?.slice(7) ?? ''}→${move.to.slice(7)}`);
}

describe('createMoveTracker', () => {
  it('tells a move with everything that is known about it', () => {
    const tracker = createMoveTracker();
    tracker.adopt(stream('A1'));
    expect(tracker.observe(stream('B2 A1'))).toEqual([
      {
        namespace: 'demo',
        name: 'web',
        tag: 'latest',
        from: 'sha256:A',
        to: 'sha256:B',
        dockerImageReference: 'r/x@sha256:B',
        created: '2026-11-23T05:27:02Z',
      },
    ]);
  });

  it('tells what moved since a time before it began, but no first image', () => {
    const since = Date.parse('2026-11-23T05:27:02.700Z');
    const told = (items: string) =>
      createMoveTracker()
        .adopt(stream(items), since)
        .map(({ from, to }) => `${from?.slice(7)}→${to.slice(7)}`);
    expect(told('C3 B2 A1')).toEqual(['A→B', 'B→C']);
    expect(told('A1')).toEqual([]);
    expect(told('B3')).toEqual([]);
  });

  it('is silent when only other things of the stream changed', () => {
    expect(moves('A1', 'A1', 'A1')).toEqual([]);
  });

  it('tells the first image of a tag', () => {
    expect(moves('', 'A1')).toEqual(['→A']);
  });

  it('tells every move of a gap, in order, there and back again too', () => {
    expect(moves('A1', 'C4 B3 A1')).toEqual(['A→B', 'B→C']);
    expect(moves('A1', 'A5 B3 A1')).toEqual(['A→B', 'B→A']);
  });

  it('tells all when the gap was longer than the list', () => {
    expect(moves('A1', 'D7 C6')).toEqual(['A→C', 'C→D']);
  });

  it('tells an event whose image was amended in place, also under newer ones', () => {
    expect(moves('A1', 'B1')).toEqual(['A→B']);
    expect(moves('A2 Z1', 'C4 B2 Z1')).toEqual(['A→B', 'B→C']);
  });

  it('remembers no more than the list holds after the oldest events fell off', () => {
    expect(moves('B2 A1', 'C3 B2')).toEqual(['B→C']);
  });

  it('takes a stream that was made anew for another one', () => {
    const tracker = createMoveTracker();
    tracker.adopt(stream('A1', 'first'));
    tracker.forget(stream('A1', 'first'));
    expect(tracker.observe(stream('A3', 'second')).map((move) => move.from)).toEqual([null]);
  });
});
