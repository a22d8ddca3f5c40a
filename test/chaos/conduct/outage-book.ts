import { EVERYTHING, type Fault, type Outage } from '../judge/facts.ts';

/** ms; what is over sooner excuses nobody: every look has room for that much. */
const UNNOTICED = 500;

/** Keeps what was done, and until when it excuses whom. */
export class OutageBook {
  readonly faults: Fault[] = [];
  readonly #closed: Outage[] = [];
  readonly #open = new Map<number, { readonly scope: string; readonly from: number }>();
  #count = 0;

  note(words: string): void {
    this.faults.push({ at: Date.now(), words });
  }

  /** An outage from now on; the answer ends it, `after` ms later than it is called. */
  open(scope: string = EVERYTHING): (after?: number) => void {
    const number = this.#count;
    this.#count += 1;
    this.#open.set(number, { scope, from: Date.now() });
    return (after = 0) => {
      const outage = this.#open.get(number);
      if (outage === undefined) return;
      this.#open.delete(number);
      const to = Date.now() + after;
      if (to - outage.from > UNNOTICED) this.#closed.push({ ...outage, to });
    };
  }

  add(outage: Outage): void {
    this.#closed.push(outage);
  }

  /** All of them; those that last end at `now`. */
  outages(now: number): readonly Outage[] {
    return [...this.#closed, ...[...this.#open.values()].map((open) => ({ ...open, to: now }))];
  }
}
