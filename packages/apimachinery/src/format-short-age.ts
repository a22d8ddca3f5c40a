const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

interface Step {
  /** ms below which the step counts. */
  readonly below: number;
  readonly unit: readonly [length: number, letter: string];
  /** The unit of the rest, where that is told. */
  readonly rest?: readonly [length: number, letter: string];
}

const STEPS: readonly Step[] = [
  { below: 2 * MINUTE, unit: [SECOND, 's'] },
  { below: 10 * MINUTE, unit: [MINUTE, 'm'], rest: [SECOND, 's'] },
  { below: 3 * HOUR, unit: [MINUTE, 'm'] },
  { below: 8 * HOUR, unit: [HOUR, 'h'], rest: [MINUTE, 'm'] },
  { below: 2 * DAY, unit: [HOUR, 'h'] },
  { below: 8 * DAY, unit: [DAY, 'd'], rest: [HOUR, 'h'] },
  { below: 2 * YEAR, unit: [DAY, 'd'] },
  { below: 8 * YEAR, unit: [YEAR, 'y'], rest: [DAY, 'd'] },
  { below: Number.POSITIVE_INFINITY, unit: [YEAR, 'y'] },
];

/**
 * A span of time in the fewest letters: `90s`, `5m30s`, `3d4h`. `ms` are milliseconds; a negative span counts as none.
 * Source: Kubernetes `duration.HumanDuration`, which fills kubectl's column AGE.
 */
export function formatShortAge(ms: number): string {
  const span = Math.max(0, ms);
  const step = STEPS.find(({ below }) => span < below);
  if (step === undefined) return '<unknown>';
  const [length, letter] = step.unit;
  const text = `${Math.floor(span / length)}${letter}`;
  if (step.rest === undefined) return text;
  const [restLength, restLetter] = step.rest;
  const rest = Math.floor((span % length) / restLength);
  return rest === 0 ? text : `${text}${rest}${restLetter}`;
}
