import { expect, it } from 'vitest';
import { humanSize } from './human-size.ts';

it.each([
  [0, '0B'],
  [1, '1B'],
  [999, '999B'],
  [1000, '1kB'],
  [1024, '1.024kB'],
  [122_500, '122.5kB'],
  [123_500, '123.5kB'],
  [999_949, '999.9kB'],
  [999_960, '1000kB'],
  [1_000_000, '1MB'],
  [28_643_712, '28.64MB'],
  [1_234_567_890, '1.235GB'],
  [Number.MAX_SAFE_INTEGER, '9.007PB'],
])('shows %d bytes as %s', (bytes, text) => {
  expect(humanSize(bytes)).toBe(text);
});

it.each([
  [100_250, '100.2kB'],
  [100_750, '100.8kB'],
  [100_251, '100.3kB'],
  [1_000_500, '1MB'],
])('rounds %d, which lies in the middle or beside it, as Go does: %s', (bytes, text) => {
  expect(humanSize(bytes)).toBe(text);
});
