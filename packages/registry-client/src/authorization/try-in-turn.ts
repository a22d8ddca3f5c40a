import { RegistryError } from '../registry-error.ts';
import { describeCredential } from './credential.ts';
import type { Turn } from './credential-turns.ts';

/**
 * How a turn ended: `open` ends the trying, whatever the answer; a `refused` one leads to the next turn, and so does a
 * `hidden` one, as registries say that there is nothing to whom they don't show it.
 */
export type Verdict = 'open' | 'refused' | 'hidden';

export interface Tried<T> {
  readonly verdict: Verdict;
  readonly answer: T;
}

/** What a turn left behind when it was not the right one. */
type Failed<T> =
  | { readonly kind: 'answer'; readonly tried: Tried<T> }
  | { readonly kind: 'error'; readonly error: unknown };

const REFUSED: ReadonlySet<unknown> = new Set(['Unauthorized', 'Forbidden']);

/**
 * Runs `attempt` turn by turn until one is not refused. When all are, the answer is that of the first turn to which
 * nothing was shown, else of the first turn; a token service's refusal, which is thrown, counts like the registry's.
 */
export async function tryInTurn<T>(
  turns: readonly Turn[],
  attempt: (turn: Turn) => Promise<Tried<T>>,
): Promise<Tried<T> & { readonly turn: Turn }> {
  let first: (Failed<T> & { readonly turn: Turn }) | undefined;
  for (const turn of turns) {
    const failed = await runTurn(turn, attempt);
    if (failed.kind === 'answer' && failed.tried.verdict === 'open')
      return { ...failed.tried, turn };
    const better = first === undefined || (isHidden(failed) && !isHidden(first));
    if (better) first = { ...failed, turn };
  }
  if (first?.kind === 'answer') return { ...first.tried, turn: first.turn };
  throw first?.error;
}

async function runTurn<T>(
  turn: Turn,
  attempt: (turn: Turn) => Promise<Tried<T>>,
): Promise<Failed<T>> {
  try {
    return { kind: 'answer', tried: await attempt(turn) };
  } catch (error) {
    if (isRefusal(error)) return { kind: 'error', error };
    throw error;
  }
}

/** Whether whoever was asked has refused what was shown, and might not refuse something else. */
export function isRefusal(error: unknown): error is RegistryError {
  if (!(error instanceof RegistryError) || error.sameForAll === true) return false;
  // Without a status nobody was asked: the address of a token service may be refused before it is dialled.
  return error.status !== undefined && REFUSED.has(error.code);
}

function isHidden<T>(failed: Failed<T>): boolean {
  return failed.kind === 'answer' && failed.tried.verdict === 'hidden';
}

/** The same error, with what was tried in vain. */
export function toldOfTurns(
  error: RegistryError,
  turns: readonly Turn[],
  registry: string,
): RegistryError {
  const named = turns.map((turn) => (turn ? describeCredential(turn, registry) : 'no credentials'));
  const tried = `tried in turn: ${named.join(', ')}`;
  const { code, message, status, retryAfter, advice, cause } = error;
  return new RegistryError(code, `${message}; ${tried}`, {
    ...(status !== undefined && { status }),
    retryAfter,
    advice: advice === undefined ? tried : `${advice}; ${tried}`,
    cause,
  });
}
