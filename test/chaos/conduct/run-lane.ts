import { setTimeout as wait } from 'node:timers/promises';
import type { Action, Planned } from '../plan/action.ts';

/** Does the actions of a lane at their times, one after the other; late ones at once. Ends early when aborted. */
export async function runLane<A extends Action>(
  lane: readonly Planned<A>[],
  act: (action: A) => Promise<unknown> | unknown,
  { start, signal }: { readonly start: number; readonly signal: AbortSignal },
): Promise<void> {
  for (const { at, action } of lane) {
    await pause(start + at - performance.now(), signal);
    if (signal.aborted) return;
    await act(action);
  }
}

/** Resolves after `ms`, or when aborted. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms > 0) await wait(ms, undefined, { signal }).catch(() => undefined); // aborted is ended
}
