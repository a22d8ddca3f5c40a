/** A registry asked to be left alone: nothing is sent to it until then, by no process. */
export interface CoolDown {
  /** ms since the epoch. */
  readonly until: number;
  /** For people. */
  readonly reason: string;
  /** Times in a row that the registry asked without saying for how long. */
  readonly strikes: number;
}

export interface AskedCoolDown {
  /** For people, at most 256 characters. */
  readonly reason: string;
  /** ms that the registry asked for; absent when it did not say. */
  readonly retryAfter?: number;
}

export interface HostCoolDown extends CoolDown {
  /** Registry host, as in check states. */
  readonly host: string;
}

/** Less is no pause worth telling anybody. */
const SHORTEST = 1_000;
/** A registry that says more, by mistake or in anger, is asked again all the same. */
export const LONGEST_COOL_DOWN = 3_600_000;
/** What registries that say no time need at least: their windows are of a minute or more. */
const FIRST_UNSAID = 30_000;
const LONGEST_UNSAID = 600_000;
/** From 30 s to 10 min; more doublings would only overflow. */
const MOST_DOUBLINGS = 5;
/** ms after its end for which a cool-down is remembered, so that the next one without a word is longer. */
export const STRIKES_LIFE = 3_600_000;
/** Longest reason that is kept. */
const REASON_LENGTH = 256;

/**
 * The cool-down after a registry has asked for one at `now` (ms since the epoch): as long as it said, else doubling with
 * each time in a row. One that is running is never shortened, and requests that were on their way when it began are no
 * further strike.
 */
export function coolDownAfter(
  known: CoolDown | undefined,
  { reason, retryAfter }: AskedCoolDown,
  now: number,
): CoolDown {
  const running = known !== undefined && known.until > now;
  const remembered = known !== undefined && known.until + STRIKES_LIFE > now ? known.strikes : 0;
  const strikes = retryAfter === undefined && !running ? remembered + 1 : remembered;
  const until = now + clamp(retryAfter ?? unsaid(strikes));
  if (running && known.until >= until) return known;
  return { until, reason: reason.slice(0, REASON_LENGTH), strikes };
}

function unsaid(strikes: number): number {
  const doublings = Math.min(Math.max(strikes, 1) - 1, MOST_DOUBLINGS);
  return Math.min(FIRST_UNSAID * 2 ** doublings, LONGEST_UNSAID);
}

function clamp(wait: number): number {
  return Math.min(Math.max(Math.ceil(wait), SHORTEST), LONGEST_COOL_DOWN);
}

/** PORT. The cool-downs of all registries, shared by all processes. */
export interface CoolDowns {
  /** That of a host while it lasts, from memory: what another process began is known within a millisecond or so. */
  of(host: string): CoolDown | undefined;
  /** Known to this process at once. Never fails: without the store the others have to hear it from the registry. */
  begin(host: string, asked: AskedCoolDown): void;
  /** Hears of every cool-down that begins, or grows by a second, whoever heard it from the registry. Answers how to stop. */
  onBegun(listener: (coolDown: HostCoolDown) => void): () => void;
}
