import { ApiError } from '@tagtrail/api-client';
import { delay } from '@tagtrail/lifecycle';

/** How often a write that lost a race is tried, and how long it is waited in between. */
export interface ConflictPace {
  readonly attempts: number;
  /** ms before the next attempt. */
  readonly wait: () => number;
  /** Ends a wait early. */
  readonly signal?: AbortSignal;
}

/** Five times, 10 ms apart. Source: client-go's default retry. */
const DEFAULT_PACE: ConflictPace = { attempts: 5, wait: () => 10 };

/** `first`, or `second` when the API refuses the first with one of these HTTP statuses. */
export async function orElse<T>(
  first: () => Promise<T>,
  codes: readonly number[],
  second: () => Promise<T>,
): Promise<T> {
  try {
    return await first();
  } catch (error) {
    if (!(error instanceof ApiError) || !codes.includes(error.code)) throw error;
  }
  return second();
}

/** Not every 409 is a lost race: what exists already will exist the next time too. */
export async function retryConflicts<T>(
  write: () => Promise<T>,
  pace: ConflictPace = DEFAULT_PACE,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await write();
    } catch (error) {
      const isConflict = error instanceof ApiError && error.status.reason === 'Conflict';
      if (!isConflict || attempt >= pace.attempts) throw error;
    }
    await delay(pace.wait(), pace.signal);
  }
}
