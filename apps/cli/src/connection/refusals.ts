import { ApiError } from '@tagtrail/api-client';
import { delay } from '@tagtrail/lifecycle';

/** Times that somebody else may write in between before we give up. Source: client-go's default retry. */
const CONFLICT_ATTEMPTS = 5;
/** ms before the next attempt. Source: as above. */
const CONFLICT_DELAY = 10;

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
export async function retryConflicts<T>(write: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await write();
    } catch (error) {
      const isConflict = error instanceof ApiError && error.status.reason === 'Conflict';
      if (!isConflict || attempt >= CONFLICT_ATTEMPTS) throw error;
    }
    await delay(CONFLICT_DELAY);
  }
}
