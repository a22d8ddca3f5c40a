import type { CheckState } from '@tagtrail/image-stream';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { packCheckState, unpackCheckState } from './pack-check-state.ts';

const time = fc.option(fc.maxSafeNat());
const text = fc.option(fc.string());
const place = fc
  .tuple(fc.string(), fc.string())
  .map(([host, path]) => ({ host, repository: `${host}/${path}` }));
const fields = fc.record({
  generation: fc.nat(),
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
const state = fc.tuple(place, fields).map(([where, rest]): CheckState => ({ ...where, ...rest }));

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
