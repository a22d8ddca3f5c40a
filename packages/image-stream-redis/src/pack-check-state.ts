import { type CheckState, StoreError } from '@tagtrail/image-stream';

/** First element of every packed state; a reader refuses one it does not know. */
const LAYOUT = 1;

/** Packs a state into a JSON array: a third of the object's bytes, and comparable as text. */
export function packCheckState(state: CheckState): string {
  return JSON.stringify([
    LAYOUT,
    state.generation,
    state.host,
    state.repository,
    state.schedule,
    state.suspended ? 1 : 0,
    state.fence,
    state.lastChecked,
    state.lastChanged,
    state.nextDue,
    state.attempts,
    state.outcome,
    state.message,
    state.upstreamDigest,
    // In most cases the image is what the registry reports; 0 says so and saves 73 bytes a tag.
    state.image === state.upstreamDigest ? 0 : state.image,
  ]);
}

/** @throws StoreError `damaged` */
export function unpackCheckState(text: string): CheckState {
  const fields = parseFields(text);
  if (fields[0] !== LAYOUT || fields.length !== 15) {
    throw new StoreError(
      'damaged',
      `check state has layout ${String(fields[0])}, this version reads ${LAYOUT}`,
    );
  }
  const [, generation, host, repository, schedule, suspended, fence, lastChecked] = fields;
  const [lastChanged, nextDue, attempts, outcome, message, upstreamDigest, image] = fields.slice(8);
  return {
    generation,
    host,
    repository,
    schedule,
    suspended: suspended === 1,
    fence,
    lastChecked,
    lastChanged,
    nextDue,
    attempts,
    outcome,
    message,
    upstreamDigest,
    image: image === 0 ? upstreamDigest : image,
  } as CheckState;
}

function parseFields(text: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value)) return value;
  } catch (cause) {
    throw new StoreError('damaged', 'check state is not readable', { cause });
  }
  throw new StoreError('damaged', 'check state is not a list');
}
