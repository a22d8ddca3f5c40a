import { formatDuration, parseDuration } from '@tagtrail/config';
import { parseDuration as parseInterval } from '../../../packages/image-stream/src/schedule.ts';
import { filled } from '../engine/filled.ts';
import { type FuzzTarget, must, mustEqual } from '../engine/fuzz-target.ts';

/** Durations of settings, and of the schedule annotation. */
export const durationTarget: FuzzTarget = {
  name: 'duration',
  dictionary: [
    'd',
    'h',
    'm',
    's',
    'ms',
    '0',
    '1',
    '9007199254740991',
    '30',
    '.',
    ' ',
    '-',
    '1h30m',
  ],
  mutators: [],
  // Settings have no limit of their own but that of their file.
  limit: 1024 * 1024,
  check: checkDuration,
  growth: {
    digits: (size) => filled(size, '9', ['', 'x']),
    zeros: (size) => filled(size, '0', ['', 'ms']),
    parts: (size) => filled(size, '1d'),
    'units without numbers': (size) => filled(size, 'm'),
    blanks: (size) => filled(size, ' ', ['1', 's']),
  },
};

function checkDuration(text: string): boolean {
  const parsed = parseDuration(text);
  const interval = parseInterval(text);
  if (!parsed.ok) {
    must(parsed.message !== '', 'a refusal says why');
    return interval !== undefined;
  }
  must(Number.isSafeInteger(parsed.ms) && parsed.ms >= 0, 'a duration is a count of ms');
  const written = formatDuration(parsed.ms);
  mustEqual(parseDuration(written), parsed, 'a duration is read as it was written');
  mustEqual(formatDuration(parsed.ms), written, 'a duration has one form');
  if (interval !== undefined) mustEqual(interval, parsed.ms, 'both readers agree');
  return true;
}
