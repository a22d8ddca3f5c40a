const DECADES = [1, 10, 100, 1e3, 1e4, 1e5, 1e6];

/** Distances between the labels of an axis that read well. Whole numbers, for what is counted. */
export const COUNT_INCREMENTS = DECADES.flatMap((decade) => [1, 2, 5].map((step) => step * decade));

export const RATE_INCREMENTS = [0.1, 0.2, 0.5, ...COUNT_INCREMENTS];

/** ms: tenths of a second, seconds, minutes, hours, days. */
export const DURATION_INCREMENTS = [
  ...[50, 100, 200, 500],
  ...[1, 2, 5, 10, 20, 30].map((seconds) => seconds * 1e3),
  ...[1, 2, 5, 10, 20, 30].map((minutes) => minutes * 6e4),
  ...[1, 2, 4, 8, 12].map((hours) => hours * 3.6e6),
  ...DECADES.map((days) => days * 8.64e7),
];

/** Where an axis from 0 ends: above the highest value, and never so low that noise looks like a mountain. */
export function axisEnd(highest: number | null | undefined, least: number): number {
  return Math.max((highest ?? 0) * 1.1, least);
}
