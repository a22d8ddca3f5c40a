import { describe, expect, it } from 'vitest';
import { addTagEvent, historyOf } from './add-tag-event.ts';

const event = (dockerImageReference: string, image: string, generation = 1, created = 'new') => ({
  created,
  dockerImageReference,
  image,
  generation,
});

describe('G6 add-event table', () => {
  const rows = [
    { head: undefined, next: ['ref', 'image'], items: [['ref', 'image']], change: 'append' },
    { head: ['ref', 'image'], next: ['ref', 'image'], items: [['ref', 'image']], change: 'none' },
    {
      head: ['ref', 'image'],
      next: ['ref', 'newimage'],
      items: [['ref', 'newimage']],
      change: 'amend',
    },
    {
      head: ['ref', 'image'],
      next: ['newref', 'image'],
      items: [['newref', 'image']],
      change: 'amend',
    },
    {
      head: ['ref', 'image'],
      next: ['newref', 'newimage'],
      items: [
        ['newref', 'newimage'],
        ['ref', 'image'],
      ],
      change: 'append',
    },
  ] as const;

  it.each(rows)('$head + $next gives $items', ({ head, next, items, change }) => {
    const list = {
      tag: 't',
      items: head === undefined ? null : [event(head[0], head[1], 1, 'old')],
    };
    const added = addTagEvent(list, event(next[0], next[1]));
    expect(added.items.map((item) => [item.dockerImageReference, item.image])).toEqual(items);
    expect(added.change).toBe(change);
  });

  it('keeps the time of a stay whose generation alone moves', () => {
    const added = addTagEvent({ tag: 't', items: [event('r', 'i', 1, 'old')] }, event('r', 'i', 2));
    expect(added).toEqual({ items: [event('r', 'i', 2, 'old')], change: 'amend' });
  });

  it('records A, B, A as three stays', () => {
    const a = addTagEvent(undefined, event('a', 'A'));
    const b = addTagEvent({ tag: 't', items: a.items }, event('b', 'B'));
    const again = addTagEvent({ tag: 't', items: b.items }, event('a', 'A'));
    expect(again.items.map((item) => item.image)).toEqual(['A', 'B', 'A']);
  });
});

describe('historyOf', () => {
  const history = (head: ReturnType<typeof event> | undefined, next: ReturnType<typeof event>) => {
    const list = { tag: 't', items: head === undefined ? null : [head] };
    return historyOf(list, 't', addTagEvent(list, next)).map(({ kind }) => kind);
  };

  it('follows the object: nothing, an amended stay, a new stay', () => {
    expect(history(event('r', 'i'), event('r', 'i'))).toEqual([]);
    expect(history(event('r', 'i'), event('r', 'i', 2))).toEqual(['amend']);
    expect(history(event('r', 'i'), event('s', 'i'))).toEqual(['amend']);
    expect(history(event('r', 'i'), event('s', 'j'))).toEqual(['append']);
    expect(history(undefined, event('r', 'i'))).toEqual(['append']);
  });

  it('keeps an image that the object replaces in place', () => {
    expect(history(event('r', 'i'), event('r', ''))).toEqual(['append']);
    expect(history(event('r', 'i'), event('r', 'j'))).toEqual(['append']);
  });
});
