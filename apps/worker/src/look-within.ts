import { type Postponed, type StopSignal, StoreError } from '@tagtrail/image-stream';
import { PullSecretStoreError } from '@tagtrail/pull-secrets';
import { type Failure, failureOf, importFailure } from './import-failure.ts';

export interface LookLimits {
  /** What is looked at, as messages name it. */
  readonly name: string;
  /** ms for the whole look, all requests included. */
  readonly deadline: number;
  readonly stop: StopSignal;
}

/**
 * A look, ended by its deadline, which is an outcome, or by a forced stop, which is none. Throws what is no fault of the
 * registry's.
 */
export async function lookWithin<T>(
  look: (signal: AbortSignal) => Promise<T>,
  { name, deadline, stop }: LookLimits,
): Promise<T | Failure | Postponed> {
  const ended = new AbortController();
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    ended.abort();
  }, deadline);
  const cancel = () => ended.abort();
  stop.addEventListener('abort', cancel, { once: true });
  // It may have come before anybody listened.
  if (stop.aborted) cancel();
  try {
    return await look(ended.signal);
  } catch (error) {
    if (stop.aborted || isOurs(error)) throw error;
    const failure = late ? timeout(name, deadline) : failureOf(error, { name, now: Date.now() });
    if (failure === undefined) throw error;
    return failure;
  } finally {
    clearTimeout(timer);
    stop.removeEventListener('abort', cancel);
  }
}

/** The registry is not to blame for our own stores, however long they let a look wait. */
function isOurs(error: unknown): boolean {
  return error instanceof StoreError || error instanceof PullSecretStoreError;
}

function timeout(name: string, deadline: number): Failure {
  const seconds = Math.round(deadline / 1000);
  const advice = 'is the registry reachable and well?';
  return importFailure('Timeout', `${name}: no complete answer within ${seconds} s; ${advice}`);
}
