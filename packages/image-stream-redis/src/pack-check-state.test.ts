import type { CheckState } from '@tagtrail/image-stream';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { packCheckState, unpackCheckState } from './pack-check-state.ts';

const time = fc.option(fc.maxSafeNat());
const text = fc.option(fc.string());
const state: fc.Arbitrary<CheckState> = fc.record({
  generation: fc.nat(),
  host: fc.string(),
  repository: fc.string(),
  schedule: text,
  suspended: fc.boolean(),
  fence: fc.maxSafeNat(),
  lastChecked: time,
  lastChanged: time,
  nextDue: time,
  attempts: fc.nat(),
  outcome: fc.constantFrom('never', 'imported', 'unchanged', 'Timeout'),
  message: fc.string(),
  upstreamDigest: text,
  image: text,
});

it('unpacks what it packed', () => {
  fc.assert(
    fc.property(state, (value) => {
      expect(unpackCheckState(packCheckState(value))).toEqual(value);
    }),
  );
});

it.each(['', '{}', 'null', '[2]', '[1,2]'])('refuses %s as damaged', (packed) => {
  expect(() => unpackCheckState(packed)).toThrow(expect.objectContaining({ code: 'damaged' }));
});
