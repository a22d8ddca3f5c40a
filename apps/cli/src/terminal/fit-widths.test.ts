import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fitWidths } from './fit-widths.ts';

it.each([
  [[5, 20, 10], 35, [5, 20, 10]],
  [[5, 20, 10], 30, [5, 15, 10]],
  [[5, 90, 70], 45, [5, 20, 20]],
  [[5, 90, 70], 29, [5, 12, 12]],
  [[5, 90, 70], 28, undefined],
])('cuts the widest of %j to fit %d: %j', (widths, room, fitted) => {
  expect(fitWidths(widths, room)).toEqual(fitted);
});

it('never takes more room than there is, and cuts nothing that fits', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(200), { minLength: 1 }), fc.nat(300), (widths, room) => {
      const fitted = fitWidths(widths, room);
      if (fitted === undefined) return;
      expect(fitted.reduce((sum, width) => sum + width, 0)).toBeLessThanOrEqual(room);
      for (const [index, width] of fitted.entries()) {
        expect(width === widths[index] || width >= 12).toBe(true);
      }
    }),
  );
});
