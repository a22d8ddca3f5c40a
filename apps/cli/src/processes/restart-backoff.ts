import { createBackoff } from '@tagtrail/lifecycle';

/** ms: upper bounds of the first and of every wait. */
const BOUNDS = { first: 1_000, max: 30_000 };
/** ms of running after which earlier ends no longer count. */
const STEADY_PERIOD = 30_000;

export interface BackoffBounds {
  readonly first: number;
  readonly max: number;
}

/** How long to wait before something that ended is started again. */
export interface RestartBackoff {
  /** ms to wait, given how long it ran (ms). */
  after(ranFor: number): number;
}

export function createRestartBackoff(bounds: BackoffBounds = BOUNDS): RestartBackoff {
  const backoff = createBackoff(bounds);
  return {
    after(ranFor) {
      if (ranFor > STEADY_PERIOD) backoff.reset();
      return backoff.next();
    },
  };
}
