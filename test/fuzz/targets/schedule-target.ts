import { nextOccurrence, parseSchedule } from '../../../packages/image-stream/src/schedule.ts';
import { filled } from '../engine/filled.ts';
import { type FuzzTarget, must, mustEqual } from '../engine/fuzz-target.ts';

/** A winter's day, the hour before clocks change in Europe, and a leap day. */
const MOMENTS = [
  Date.UTC(2026, 10, 23, 8, 30, 15, 250),
  Date.UTC(2027, 2, 28, 0, 59),
  Date.UTC(2028, 1, 29),
];
const REPOSITORIES = ['quay.io/acme/app', 'docker.io/library/redis', 'r/3', ''];

/** The annotation that says when a tag is looked at: a duration or a cron line. */
export const scheduleTarget: FuzzTarget = {
  name: 'schedule',
  dictionary: [
    '*',
    '* ',
    '/5',
    '-',
    ',',
    'H',
    'H(0-29)',
    'H/15',
    'L',
    '#5',
    '?',
    ' 2 ',
    '29',
    '30',
    '31',
    'FEB',
    'MON-FRI',
    'CRON_TZ=',
    'CRON_TZ=Europe/Berlin ',
    'CRON_TZ=Asia/Kathmandu ',
    '@daily',
    '15m',
    '0',
    '7',
  ],
  mutators: [],
  limit: 256,
  check: checkSchedule,
  growth: {
    digits: (size) => filled(size, '9', ['', ' * * * *']),
    lists: (size) => filled(size, (at) => `${at % 60},`, ['', '0 * * * *']),
    ranges: (size) => filled(size, '0-59,', ['', '0 * * * *']),
    steps: (size) => filled(size, '/1', ['*', ' * * * *']),
    stars: (size) => filled(size, '*', ['', ' * * * *']),
    parts: (size) => filled(size, '1d'),
    blanks: (size) => filled(size, ' ', ['0 0', '* * *']),
    zone: (size) => filled(size, 'a/', ['CRON_TZ=', ' * * * * *']),
  },
};

function checkSchedule(text: string): boolean {
  const parsed = parseSchedule(text);
  mustEqual(parseSchedule(text), parsed, 'a schedule has one reading');
  if (!parsed.ok) {
    must(parsed.message !== '', 'a refusal says why');
    return false;
  }
  for (const [at, now] of MOMENTS.entries()) {
    const repository = REPOSITORIES[(text.length + at) % REPOSITORIES.length] ?? '';
    const next = nextOccurrence(parsed.schedule, repository, now);
    must(Number.isSafeInteger(next) && next > now, 'the next time is a time to come');
    mustEqual(nextOccurrence(parsed.schedule, repository, now), next, 'the next time is settled');
  }
  return true;
}
