/** ms that observations are remembered. */
const WINDOW = 300_000;
/** ms of one slot; the window moves on by so much. */
const SLOT = 10_000;
const SLOTS = WINDOW / SLOT;
/** Bounds of neighbouring buckets differ by so much: an answer is at most 2 % off. */
const GROWTH = 1.04;
/** The largest value told apart; a day in ms. */
const LARGEST = 86_400_000;
const LOG_GROWTH = Math.log(GROWTH);
const BUCKETS = bucketOf(LARGEST) + 1;

/** The spread of numbers over the last five minutes, in memory that does not grow with them. */
export interface SlidingQuantiles {
  /** A number ≥ 0. */
  observe(value: number): void;
  /** The values below which the given shares (0 to 1) lie, at most 2 % off; undefined without any observation. */
  read(
    shares: readonly number[],
  ): { readonly count: number; readonly values: readonly number[] } | undefined;
}

/** `now` in ms on a clock that never jumps, such as `performance.now`. */
export function createSlidingQuantiles(now: () => number): SlidingQuantiles {
  const slots = Array.from({ length: SLOTS }, () => new Uint32Array(BUCKETS));
  const numbers = new Float64Array(SLOTS).fill(-1);
  const slotNow = () => Math.floor(now() / SLOT);
  return {
    observe(value) {
      const slot = slotNow();
      const buckets = slots[slot % SLOTS];
      if (buckets === undefined) return;
      if (numbers[slot % SLOTS] !== slot) buckets.fill(0);
      numbers[slot % SLOTS] = slot;
      const bucket = bucketOf(Math.min(value, LARGEST));
      buckets[bucket] = (buckets[bucket] ?? 0) + 1;
    },
    read(shares) {
      const oldest = slotNow() - SLOTS;
      const sums = sumOf(slots.filter((_, at) => (numbers[at] ?? -1) > oldest));
      const count = sums.reduce((all, bucket) => all + bucket, 0);
      if (count === 0) return undefined;
      return { count, values: shares.map((share) => valueAt(sums, share * count)) };
    },
  };
}

/** Bucket 0 holds everything below 1. */
function bucketOf(value: number): number {
  return value < 1 ? 0 : 1 + Math.floor(Math.log(value) / LOG_GROWTH);
}

function sumOf(slots: readonly Uint32Array[]): Float64Array {
  const sums = new Float64Array(BUCKETS);
  for (const slot of slots) {
    // Not with entries(): thousands of small arrays each time.
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
      sums[bucket] = (sums[bucket] ?? 0) + (slot[bucket] ?? 0);
    }
  }
  return sums;
}

/** The middle of the bucket in which the observation of this rank lies. */
function valueAt(sums: Float64Array, rank: number): number {
  let seen = 0;
  const bucket = sums.findIndex((count) => {
    seen += count;
    return count > 0 && seen >= rank;
  });
  return bucket <= 0 ? 0 : GROWTH ** (bucket - 0.5);
}
