/** ms that a rate looks back: long enough to be steady, short enough that a change shows while one watches. */
const WINDOW = 10_000;
/** ms of one slot; the window moves on by so much. */
const SLOT = 1_000;
/** The window and the slot under way. */
const SLOTS = WINDOW / SLOT + 1;

/** How many things happen a second. Marking costs an addition. */
export interface RateMeter {
  mark(count?: number): void;
  /** Over the last ten seconds, or since the meter was made. */
  perSecond(): number;
}

/** `now` in ms on a clock that never jumps, such as `performance.now`. */
export function createRateMeter(now: () => number): RateMeter {
  const counts = new Float64Array(SLOTS);
  const numbers = new Float64Array(SLOTS).fill(-1);
  const madeAt = now();
  const slotOf = (time: number) => Math.floor((time - madeAt) / SLOT);
  return {
    mark(count = 1) {
      const slot = slotOf(now());
      const at = slot % SLOTS;
      counts[at] = count + (numbers[at] === slot ? (counts[at] ?? 0) : 0);
      numbers[at] = slot;
    },
    perSecond() {
      const time = now();
      const oldest = slotOf(time) - SLOTS;
      const sum = counts.reduce(
        (all, count, at) => all + ((numbers[at] ?? -1) > oldest ? count : 0),
        0,
      );
      const sinceSlot = (time - madeAt) % SLOT;
      // A meter that was just made has seen too little to be held against a fraction of a second.
      const seen = Math.max(SLOT, Math.min(time - madeAt, WINDOW + sinceSlot));
      return (sum * 1_000) / seen;
    },
  };
}
