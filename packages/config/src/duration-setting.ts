import { z } from 'zod';
import { formatDuration, parseDuration } from './duration.ts';
import { withTraits } from './setting-traits.ts';

export interface DurationBounds {
  /** Written as a duration: `1s`. */
  readonly min?: string;
  readonly max?: string;
}

/** A setting written as a duration (or as a number of ms) and read as ms. */
export function durationSetting(bounds: DurationBounds = {}): z.ZodType<number, string | number> {
  const min = bounds.min === undefined ? 0 : millisecondsOf(bounds.min);
  const max = bounds.max === undefined ? Number.MAX_SAFE_INTEGER : millisecondsOf(bounds.max);
  const schema = z
    .union([z.string(), z.number()], { error: 'must be a duration such as 90s, 15m or 1h30m' })
    .transform((value, context) => {
      const parsed = parseDuration(String(value));
      const problem = parsed.ok ? outOfBounds(parsed.ms, min, max) : parsed.message;
      if (parsed.ok && problem === undefined) return parsed.ms;
      context.addIssue(problem ?? '');
      return z.NEVER;
    });
  return withTraits(schema, { duration: true });
}

function outOfBounds(ms: number, min: number, max: number): string | undefined {
  if (ms < min) return `must be at least ${formatDuration(min)}, not ${formatDuration(ms)}`;
  if (ms > max) return `must be at most ${formatDuration(max)}, not ${formatDuration(ms)}`;
  return undefined;
}

/** The ms of a duration written in the code itself. */
export function millisecondsOf(text: string): number {
  const parsed = parseDuration(text);
  if (!parsed.ok) throw new RangeError(parsed.message);
  return parsed.ms;
}
