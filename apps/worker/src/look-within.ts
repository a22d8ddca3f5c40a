import { type StopSignal, StoreError } from '@tagtrail/image-stream';
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
): Promise<T | Failure> {
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
    if (stop.aborted || error instanceof StoreError) throw error;
    const failure = late ? timeout(name, deadline) : failureOf(error, name);
    if (failure === undefined) throw error;
    return failure;
  } finally {
    clearTimeout(timer);
    stop.removeEventListener('abort', cancel);
  }
}

function timeout(name: string, deadline: number): Failure {
  const seconds = Math.round(deadline / 1000);
  const advice = 'is the registry reachable and well?';
  return importFailure('Timeout', `${name}: no complete answer within ${seconds} s; ${advice}`);
}
