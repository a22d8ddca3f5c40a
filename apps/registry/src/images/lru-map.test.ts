import { expect, it } from 'vitest';
import { LruMap } from './lru-map.ts';

it('forgets what was not used for longest, by weight', () => {
  const map = new LruMap<string, number>(10);
  map.set('a', 1, 4);
  map.set('b', 2, 4);
  expect(map.get('a')).toBe(1);
  map.set('c', 3, 4);
  expect([map.get('a'), map.get('b'), map.get('c')]).toEqual([1, undefined, 3]);
  expect(map.weight).toBe(8);
});

it('weighs a value once when it is set again, and nothing when it is gone', () => {
  const map = new LruMap<string, number>(10);
  map.set('a', 1, 4);
  map.set('a', 2, 6);
  expect(map.weight).toBe(6);
  map.delete('a');
  map.delete('a');
  expect(map.weight).toBe(0);
});

it('keeps nothing that is heavier than its limit', () => {
  const map = new LruMap<string, number>(10);
  map.set('a', 1, 11);
  expect([map.get('a'), map.weight]).toEqual([undefined, 0]);
});
