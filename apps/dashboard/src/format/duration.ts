const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `340 ms`, `4.2 s`, `5 min 20 s`, `3 h 5 min`, `2 d 4 h`: two parts at most, since nobody acts on the third. */
export function formatDuration(ms: number): string {
  if (ms < SECOND) return `${Math.round(ms)} ms`;
  if (ms < 10 * SECOND) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s`;
  if (ms < HOUR) return twoParts(ms, [MINUTE, 'min'], [SECOND, 's']);
  if (ms < DAY) return twoParts(ms, [HOUR, 'h'], [MINUTE, 'min']);
  return twoParts(ms, [DAY, 'd'], [HOUR, 'h']);
}

type Unit = readonly [size: number, name: string];

function twoParts(ms: number, [large, largeName]: Unit, [small, smallName]: Unit): string {
  const rest = Math.floor((ms % large) / small);
  const first = `${Math.floor(ms / large)} ${largeName}`;
  return rest === 0 ? first : `${first} ${rest} ${smallName}`;
}

/** `just now`, `12 s ago`. Clocks differ a little: what is yet to come was just now. */
export function formatAge(ms: number): string {
  return ms < SECOND
    ? 'just now'
    : `${formatDuration(Math.floor(ms / SECOND) * SECOND).replace('.0', '')} ago`;
}
