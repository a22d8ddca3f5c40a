import type { CheckState } from '../check-state.ts';
import type { ImageStream } from '../image-stream.ts';
import type { ImportOutcome, LookOutcome, TagOutcome } from '../import-outcome.ts';
import { recordImport } from '../record-import.ts';
import { aCheck, aStream, SETTINGS } from './a-stream.ts';

/** Builders for tests of recording: outcomes, looks, and a stream that goes from commit to commit. */
export const imported = (image: string, name = 'quay.io/acme/app'): LookOutcome => ({
  kind: 'imported',
  upstreamDigest: image,
  image,
  dockerImageReference: `${name}@${image}`,
});

export const failed = (message: string): LookOutcome & { kind: 'failed' } => ({
  kind: 'failed',
  reason: 'Unauthorized',
  message,
  retryable: false,
});

export const look = <Outcome extends ImportOutcome>(
  fence: number,
  outcome: Outcome,
  fields: Partial<Omit<TagOutcome, 'outcome'>> = {},
): TagOutcome & { readonly outcome: Outcome } => ({
  tag: 'latest',
  generation: 1,
  fence,
  from: 'quay.io/acme/app:latest',
  outcome,
  ...fields,
});

export interface Recorded {
  readonly stream: ImageStream;
  readonly checks: ReadonlyMap<string, CheckState>;
}

/** A stream with one tag that was never looked at. */
export const created = (): Recorded => ({
  stream: aStream({}),
  checks: new Map([['latest', aCheck()]]),
});

/** The next commit, with all check states as they are after it. */
export function record(
  { stream, checks }: Recorded,
  looks: readonly TagOutcome[],
  now: number,
  missingImages: ReadonlySet<string> = new Set(),
) {
  const context = { checks, now, settings: SETTINGS, historyLimit: 50, missingImages };
  const result = recordImport(stream, looks, context);
  const next = new Map(checks);
  for (const { tag, state } of result.checks) if (state) next.set(tag, state);
  return { ...result, checks: next };
}
