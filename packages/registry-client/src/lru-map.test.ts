import { describe, expect, it } from 'vitest';
import { LruMap } from './lru-map.ts';

describe('LruMap', () => {
  it('drops the entry that was not touched for longest and hands it over', () => {
    const dropped: string[] = [];
    const map = new LruMap<string, string>(2, (value) => dropped.push(value));
    map.set('a', 'first');
    map.set('b', 'second');
    map.get('a');
    map.set('c', 'third');
    expect(dropped).toEqual(['second']);
    expect([...map.values()]).toEqual(['first', 'third']);
  });

  it('creates a missing value once', () => {
    const map = new LruMap<string, object>(2);
    const created = map.getOrCreate('a', () => ({}));
    expect(map.getOrCreate('a', () => ({}))).toBe(created);
    expect(map.size).toBe(1);
  });

  it('does not hand over what the owner deleted', () => {
    const dropped: string[] = [];
    const map = new LruMap<string, string>(1, (value) => dropped.push(value));
    map.set('a', 'first');
    map.delete('a');
    map.set('b', 'second');
    expect(dropped).toEqual([]);
  });
});
