import { ARCHIVE_BOUNDS } from '@tagtrail/image-stream';

export type Check = (value: unknown) => boolean;
export type Fields = Readonly<Record<string, unknown>>;

/** ms that a time may lie ahead: clocks differ, and no schedule names a longer interval. */
export const TIME_AHEAD = 366 * 24 * 3_600_000;

/** A uid is part of keys. */
const UID_PATTERN = /^[A-Za-z0-9-]{1,64}$/;
const DIGEST_PATTERN = /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/;
const TIME_PATTERN = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const VERSION_PATTERN = /^\d{1,13}$/;

export const isText: Check = (value) => typeof value === 'string';
export const isName: Check = (value) => typeof value === 'string' && value !== '';
export const isFlag: Check = (value) => typeof value === 'boolean';
export const isUid: Check = (value) => typeof value === 'string' && UID_PATTERN.test(value);
export const isImage: Check = (value) => typeof value === 'string' && DIGEST_PATTERN.test(value);
/** Of anything that goes on from the number in the archive: attempts, generations, fences. */
export const isCount = (value: unknown): value is number => isBelow(value, ARCHIVE_BOUNDS.fence);
export const isVersion = (value: unknown): value is number =>
  isBelow(value, ARCHIVE_BOUNDS.resourceVersion);
export const isVersionText: Check = (value) =>
  typeof value === 'string' && VERSION_PATTERN.test(value);

/** ms since the epoch, at most `latest`. */
export const isInstant =
  (latest: number): Check =>
  (value) =>
    isCount(value) && value <= latest;
/** RFC 3339 in whole seconds, from the epoch on and at most `latest` (ms). */
export const isTime =
  (latest: number): Check =>
  (value) =>
    typeof value === 'string' && TIME_PATTERN.test(value) && isInstant(latest)(Date.parse(value));

export const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
export const orAbsent =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
export const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
export const objectOf =
  (checks: Readonly<Record<string, Check>>): Check =>
  (value) =>
    isFields(value) && Object.entries(checks).every(([name, check]) => check(value[name]));

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isBelow(value: unknown, limit: number): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value < limit;
}
