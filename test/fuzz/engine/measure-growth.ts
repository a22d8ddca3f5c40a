import { cpuTime } from './cpu-time.ts';
import type { FuzzTarget, GrowthFamily } from './fuzz-target.ts';

/** Sizes measured, as parts of the largest, which is 8n: n, 2n, 4n. */
const PARTS = [8, 4, 2] as const;
const SPAN = 8;
/** Linear work takes 8 times as long for 8 times the text, quadratic 64 times; caches and garbage cost up to three times. */
const GROWTH_ALLOWED = 3;
/** ms: text of the largest size that is read faster than this is no way to slow anybody down, whatever its growth. */
const NOISE_MS = 2;
/** A busy machine is slow now and then, a parser every time. */
const ROUNDS = 3;
/** ms that are measured at once: several ticks of the kernel. */
const EFFORT_MS = 10;
const TRIES = 3;

export interface Growth {
  readonly family: string;
  /** Characters of the largest text. */
  readonly size: number;
  /** ms of processor time for the largest text. */
  readonly longest: number;
  /** 1 is linear, 2 quadratic. */
  readonly exponent: number;
  /** Whether the longest time is more than noise, so that the exponent means something. */
  readonly isMeasurable: boolean;
  readonly isLinear: boolean;
}

/** How the time for each hostile family grows up to `size` characters, or up to what the parser reads. */
export function measureGrowth(target: FuzzTarget, size: number): readonly Growth[] {
  const top = Math.min(size, target.limit);
  return Object.entries(target.growth).map(([family, text]) => {
    const measure = () => ({ family, size: top, ...growthOf(target, text, top) });
    let growth = measure();
    for (let round = 1; round < ROUNDS && !growth.isLinear; round += 1) growth = measure();
    return growth;
  });
}

/** The largest first: most are read too fast to go on. */
function growthOf(target: FuzzTarget, family: GrowthFamily, top: number) {
  const timeFor = (part: number) => leastTime(target, family(Math.floor(top / part)));
  const longest = timeFor(1);
  if (longest < NOISE_MS) return { longest, exponent: 0, isMeasurable: false, isLinear: true };
  const times = PARTS.map(timeFor);
  const ratio = longest / Math.min(...times);
  const exponent = Math.log(ratio) / Math.log(SPAN);
  return { longest, exponent, isMeasurable: true, isLinear: ratio <= SPAN * GROWTH_ALLOWED };
}

function leastTime({ check }: FuzzTarget, text: string): number {
  let least = Number.POSITIVE_INFINITY;
  let spent = 0;
  for (let tries = 0; tries < TRIES && (tries === 0 || spent < 4 * EFFORT_MS); tries += 1) {
    const time = timeOf(() => check(text));
    spent += time.total;
    least = Math.min(least, time.each);
  }
  return least;
}

/** Work that is over before the clock ticks is repeated until it is not. */
function timeOf(work: () => unknown): { readonly each: number; readonly total: number } {
  for (let repeats = 1; ; repeats *= 4) {
    const total = cpuTime(() => {
      for (let left = repeats; left > 0; left -= 1) work();
    });
    if (total >= EFFORT_MS) return { each: total / repeats, total };
  }
}
