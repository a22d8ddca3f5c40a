import { describe, expect, it } from 'vitest';
import { MAX_ENTRIES, sweep } from './sweep.ts';
import { aHeartbeat } from './testing/a-heartbeat.ts';

const NOW = 1_800_000_000_000;

function entry(id: string, age: number, fields: object = {}): [string, string] {
  const heartbeat = { ...aHeartbeat({ id }), ...fields };
  return [id, JSON.stringify({ receivedAt: NOW - age, heartbeat })];
}

function sweepOf(...entries: [string, string][]) {
  const { noted, forgotten } = sweep(Object.fromEntries(entries), NOW);
  return { noted: noted.map(({ heartbeat }) => heartbeat.id), forgotten };
}

describe('sweep', () => {
  it('keeps who is silent, newest first, and forgets after ten minutes', () => {
    expect(sweepOf(entry('b', 599_999), entry('c', 600_000), entry('a', 0))).toEqual({
      noted: ['a', 'b'],
      forgotten: ['c'],
    });
  });

  it.each([
    ['no JSON', 'garbage'],
    ['no object', '7'],
    ['null', 'null'],
    ['an entry without its time', JSON.stringify({ heartbeat: aHeartbeat({ id: 'x' }) })],
    [
      'too long',
      JSON.stringify({
        receivedAt: NOW,
        heartbeat: { ...aHeartbeat({ id: 'x' }), host: 'h'.repeat(9_000) },
      }),
    ],
    ['another process', entry('y', 0)[1]],
    ['a service that is none', entry('x', 0, { service: 'baker' })[1]],
    ['without a host', entry('x', 0, { host: undefined })[1]],
    ['with a text for a number', entry('x', 0, { pid: '12' })[1]],
  ])('passes over what it cannot read, and leaves it there: %s', (_, text) => {
    expect(sweepOf(['x', text], entry('a', 0))).toEqual({ noted: ['a'], forgotten: [] });
  });

  it('leaves out figures that are no numbers', () => {
    const entries = Object.fromEntries([entry('a', 0, { figures: { active: 3, mood: 'good' } })]);
    expect(sweep(entries, NOW).noted[0]?.heartbeat.figures).toEqual({ active: 3 });
  });

  it('forgets the longest silent ones, and before them what it cannot read, when there are too many', () => {
    const many = Array.from({ length: MAX_ENTRIES }, (_, at) => entry(`p${at}`, at));
    const { noted, forgotten } = sweepOf(['junk', 'junk'], ...many, entry('oldest', 5_000));
    expect(noted).toHaveLength(MAX_ENTRIES);
    expect(forgotten).toEqual(['oldest', 'junk']);
  });
});
