const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Largest first: the order in which a duration is written. */
const UNITS = [
  ['d', DAY],
  ['h', HOUR],
  ['m', MINUTE],
  ['s', SECOND],
  ['ms', 1],
] as const;

/** `1d2h3m4s5ms` with at least one part, or a bare number of ms. */
const DURATION = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+)s)?(?:(\d+)ms)?$/;
const MILLISECONDS = /^\d+$/;

export type ParsedDuration =
  | { readonly ok: true; readonly ms: number }
  | { readonly ok: false; readonly message: string };

/** Reads `90s`, `15m`, `1h30m`, `500ms`, `1d`, or a whole number of ms. Units go from large to small, each at most once. */
export function parseDuration(text: string): ParsedDuration {
  const ms = MILLISECONDS.test(text) ? Number(text) : sumOfParts(text);
  if (ms === undefined) {
    return {
      ok: false,
      message: `"${text}" is not a duration such as 500ms, 90s, 15m, 1h30m or 1d`,
    };
  }
  if (!Number.isSafeInteger(ms)) return { ok: false, message: `"${text}" is too long` };
  return { ok: true, ms };
}

function sumOfParts(text: string): number | undefined {
  const parts = text === '' ? undefined : DURATION.exec(text)?.slice(1);
  return parts?.reduce((sum, count, i) => sum + Number(count ?? 0) * (UNITS[i]?.[1] ?? 0), 0);
}

/** Writes whole ms so that `parseDuration` reads the same number: `5400000` → `1h30m`, `0` → `0s`. */
export function formatDuration(ms: number): string {
  let rest = ms;
  let text = '';
  for (const [unit, length] of UNITS) {
    const count = Math.floor(rest / length);
    rest -= count * length;
    if (count > 0) text += `${count}${unit}`;
  }
  return text === '' ? '0s' : text;
}
