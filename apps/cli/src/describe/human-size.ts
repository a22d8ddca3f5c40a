const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB', 'ZB', 'YB'];
const UNIT_STEP = 1000;
const SIGNIFICANT_DIGITS = 4;
/** More than the exact decimal expansion of any number below 1000 needs. */
const ALL_DIGITS = 100;

/** Bytes in decimal units with four significant digits: `123.5kB`, `1kB`, `0B`. Source: go-units HumanSize. */
export function humanSize(bytes: number): string {
  let size = bytes;
  let unit = 0;
  for (; size >= UNIT_STEP && unit < UNITS.length - 1; unit += 1) size /= UNIT_STEP;
  return `${toFourDigits(size)}${UNITS[unit]}`;
}

/** As Go's `%.4g`: what lies exactly in the middle goes to the even digit, where JavaScript rounds up. */
function toFourDigits(size: number): string {
  const exact = size.toPrecision(ALL_DIGITS);
  const isMiddle = /^(?:\d\.?){3}[02468]\.?50*$/u.test(exact);
  // Four digits and the point.
  const rounded = isMiddle ? exact.slice(0, SIGNIFICANT_DIGITS + 1) : size.toPrecision(4);
  return String(Number(rounded));
}
