import type { CheckState } from './check-state.ts';
import type { TagLook } from './import-outcome.ts';

/**
 * Whether a newer look than a requested one counts already. Somebody waits for a requested look, so one that merely
 * overlapped it does not; unless that one moved the tag away from the very image that the requested look saw (`previous`):
 * then the requested look was answered before the move. A scheduled look needs no such care; the next one comes soon.
 */
export function isOvertaken(
  { fence, endFence = fence, outcome }: TagLook,
  state: Pick<CheckState, 'fence' | 'outcome'>,
  previous: string | undefined,
): boolean {
  if (endFence === fence) return fence <= state.fence;
  if (endFence < state.fence) return true;
  const sawPrevious = outcome.kind !== 'failed' && outcome.image === previous;
  return fence <= state.fence && state.outcome === 'imported' && sawPrevious;
}
