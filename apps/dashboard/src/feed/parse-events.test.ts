import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEventParser } from './parse-events.ts';

const parse = (text: string) => createEventParser()(text);

describe('createEventParser', () => {
  it('reads type, text and id', () => {
    expect(parse('id: r-1\nevent: move\ndata: {"a":1}\n\n')).toEqual([
      { type: 'move', text: '{"a":1}', id: 'r-1' },
    ]);
  });

  it('joins lines of text, and takes away one space only', () => {
    expect(parse('data:  a\ndata:b\ndata\n\n')).toEqual([
      { type: 'message', text: ' a\nb\n', id: '' },
    ]);
  });

  it('says nothing for comments, fields that it does not know, and events without text', () => {
    expect(parse(': nothing new\n\nretry: 2000\n\nevent: move\n\nfoo: bar\n\n')).toEqual([]);
  });

  it('keeps the last id for events that name none', () => {
    expect(parse('id: 7\ndata: a\n\ndata: b\n\n').map(({ id }) => id)).toEqual(['7', '7']);
  });

  it('keeps what is not complete for the next piece', () => {
    const take = createEventParser();
    expect(take('data: a')).toEqual([]);
    expect(take('b\n')).toEqual([]);
    expect(take('\n')).toEqual([{ type: 'message', text: 'ab', id: '' }]);
  });

  it('gives up on an event that does not end', () => {
    const take = createEventParser();
    const line = `data: ${'x'.repeat(1_000_000)}\n`;
    expect(() => [1, 2, 3, 4, 5].map(() => take(line))).toThrow('does not end');
  });

  it('reads the same events wherever the stream is cut, with every end of line', () => {
    const ends = fc.constantFrom('\n', '\r\n', '\r');
    const cuts = fc.array(fc.nat(80), { maxLength: 6 });
    fc.assert(
      fc.property(ends, cuts, (end, at) => {
        const text = ['id: 1', 'event: move', 'data: one', 'data: two', '', 'data: x', '', ''].join(
          end,
        );
        const take = createEventParser();
        const places = [0, ...at.map((place) => Math.min(place, text.length)), text.length];
        places.sort((a, b) => a - b);
        const events = places.flatMap((place, index) => take(text.slice(place, places[index + 1])));
        // A CR at the very end could still become CR LF: the next byte tells.
        expect([...events, ...take(':')]).toEqual([
          { type: 'move', text: 'one\ntwo', id: '1' },
          { type: 'message', text: 'x', id: '1' },
        ]);
      }),
    );
  });
});
