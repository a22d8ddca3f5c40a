import {
  type AskedCoolDown,
  type CoolDown,
  coolDownAfter,
  type HostCoolDown,
  LONGEST_COOL_DOWN,
  STRIKES_LIFE,
} from '@tagtrail/image-stream';
import { MAX_COOL_DOWNS } from './limits.ts';

/** ms by which a cool-down grows at least to be news: refusals of what was on its way say the same once more. */
const NEWS = 1_000;

/** Hears of a cool-down that begins, or grows. */
export type CoolDownListener = (coolDown: HostCoolDown) => void;

/** The cool-downs that one process knows of, wherever it heard of them. */
export class RememberedCoolDowns {
  readonly #now: () => number;
  readonly #known = new Map<string, CoolDown>();
  readonly #listeners = new Set<CoolDownListener>();

  constructor(now: () => number) {
    this.#now = now;
  }

  of(host: string): CoolDown | undefined {
    const known = this.#known.get(host);
    return known !== undefined && known.until > this.#now() ? known : undefined;
  }

  /** What the host's cool-down becomes by being asked for; undefined when it stays as it is. */
  begin(host: string, asked: AskedCoolDown): CoolDown | undefined {
    const known = this.#known.get(host);
    const next = coolDownAfter(known, asked, this.#now());
    if (next === known) return undefined;
    this.learn({ host, ...next });
    return next;
  }

  /** Takes over what somebody else began; what is known to last longer stays. */
  learn({ host, ...told }: HostCoolDown): void {
    // The clock of whoever began it may be wrong.
    const coolDown = { ...told, until: Math.min(told.until, this.#now() + LONGEST_COOL_DOWN) };
    const known = this.#known.get(host);
    if (known !== undefined && known.until >= coolDown.until) return;
    this.#known.set(host, coolDown);
    this.#prune(host);
    const now = this.#now();
    const ran = known !== undefined && known.until > now;
    const isNews = ran ? coolDown.until - known.until >= NEWS : coolDown.until > now;
    if (!isNews) return;
    for (const listener of this.#listeners) listener({ host, ...coolDown });
  }

  listen(listener: CoolDownListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #prune(newest: string): void {
    if (this.#known.size <= MAX_COOL_DOWNS) return;
    const forgotten = this.#now() - STRIKES_LIFE;
    for (const [host, { until }] of this.#known) {
      if (until < forgotten) this.#known.delete(host);
    }
    const others = [...this.#known].filter(([host]) => host !== newest);
    const [first] = others.sort(([, a], [, b]) => a.until - b.until);
    if (first !== undefined && this.#known.size > MAX_COOL_DOWNS) this.#known.delete(first[0]);
  }
}
