import type { HealthCheck } from './health-check.ts';
import type { ProgressWatch } from './progress-watch.ts';

/** ms without a sign of life of Redis after which it counts as away: the signs come once a second, and two may get lost. */
export const LIFELINE_LIMIT = 3_500;

export interface LifelineOptions {
  /** ms on a clock that never jumps, e.g. `performance.now`. */
  readonly now: () => number;
  readonly progress: Pick<ProgressWatch, 'check' | 'excused'>;
}

/**
 * What a process hangs on: Redis. While it is away nobody can finish anything, and a process that is started again finds
 * it as far away as before; worse, with all of them starting at once it comes back to a rush. So the process waits, is
 * not ready, and lives.
 */
export interface Lifeline {
  /** Redis took a write just now. */
  held(): void;
  /** Not ok while Redis takes no writes. */
  readonly ready: HealthCheck;
  /** As the progress says; while Redis takes no writes, and for what that cost, the process is excused. */
  readonly live: HealthCheck;
}

export function createLifeline({ now, progress }: LifelineOptions): Lifeline {
  let last: number | undefined;
  const isAway = () => last === undefined || now() - last >= LIFELINE_LIMIT;
  return {
    held() {
      if (isAway()) progress.excused();
      last = now();
    },
    ready: () => (isAway() ? { ok: false, reason: describe(last, now()) } : { ok: true }),
    live: () => (isAway() ? { ok: true } : progress.check()),
  };
}

function describe(last: number | undefined, now: number): string {
  if (last === undefined) return 'it has taken no write yet';
  return `it has taken no write for ${Math.floor((now - last) / 1000)} s`;
}
