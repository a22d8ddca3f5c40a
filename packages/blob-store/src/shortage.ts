/** Bytes that a store lacks. */
export interface Shortage {
  /** Without which the blob does not fit. */
  readonly needed: number;
  /** With which some more would fit, too. At least `needed`. */
  readonly wanted: number;
}

export interface StoreFill {
  /** Bytes that blobs and drafts take. */
  readonly taken: number;
  readonly quota: number;
  /** The part of the quota that is left filled when something must go; more than 0, at most 1. */
  readonly lowWater: number;
}

/**
 * What must go before `size` bytes more fit; undefined when they fit as it is. More than what is needed is wanted, so
 * that not every blob that comes evicts one.
 */
export function findShortage(
  size: number,
  { taken, quota, lowWater }: StoreFill,
): Shortage | undefined {
  const needed = taken + size - quota;
  if (needed <= 0) return undefined;
  return { needed, wanted: Math.max(needed, taken + size - Math.floor(quota * lowWater)) };
}
