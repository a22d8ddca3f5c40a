import { expect, it } from 'vitest';
import { createNoticeGate } from './notice-gate.ts';

it('says a line again only after a while, whatever numbers it holds', () => {
  const gate = createNoticeGate();
  expect(gate('retry 1 in 20 ms', 0)).toBe(true);
  expect(gate('retry 2 in 45 ms', 29_999)).toBe(false);
  expect(gate('another matter', 29_999)).toBe(true);
  expect(gate('retry 9 in 99 ms', 30_000)).toBe(true);
});

it('forgets the oldest lines first', () => {
  const gate = createNoticeGate();
  const word = (index: number) => `line ${String.fromCharCode(0x4e00 + index)}`;
  for (let index = 0; index < 201; index += 1) gate(word(index), index);
  expect(gate(word(0), 300)).toBe(true);
  expect(gate(word(200), 300)).toBe(false);
});
