import {
  parseRetryAfter,
  RETRY_AFTER_LEAST,
  RETRY_AFTER_LIMIT,
} from '../../../packages/registry-client/src/reply/retry-after.ts';
import { filled } from '../engine/filled.ts';
import { type FuzzTarget, must } from '../engine/fuzz-target.ts';

const NOW = Date.UTC(2026, 10, 23, 8);

/** The first line is the Retry-After header, the rest is the body of the reply. */
export const retryAfterTarget: FuzzTarget = {
  name: 'retry-after',
  dictionary: [
    '120',
    'Mon, 23 Nov 2026 08:00:30 GMT',
    'Sunday, 06-Nov-94 08:49:37 GMT',
    'Retry-After: ',
    '880.092µs',
    '1m30.5s',
    'h',
    'ms',
    '.',
    '-',
    'GMT',
    '9999999999',
    '1795422630',
  ],
  mutators: [],
  // The body of an error is kept up to here.
  limit: 4 * 1024,
  check: checkRetryAfter,
  growth: {
    digits: (size) => filled(size, '9'),
    'parts of a duration': (size) => filled(size, '1h'),
    blanks: (size) => filled(size, ' ', ['1', '1']),
    words: (size) => filled(size, 'Mon, '),
    'a long date': (size) => filled(size, '(', ['Mon, 23 Nov 2026 08:00:30 ', '']),
    marks: (size) => filled(size, 'retry-after:', ['\n', '']),
    'letters that grow': (size) => filled(size, '\u0130', ['\n', '']),
  },
};

function checkRetryAfter(text: string): boolean {
  const [header = '', ...rest] = text.split('\n');
  const body = rest.join('\n');
  const wait = parseRetryAfter(header, body, NOW);
  const inRange = wait === undefined || (wait >= RETRY_AFTER_LEAST && wait <= RETRY_AFTER_LIMIT);
  must(inRange && (wait === undefined || Number.isInteger(wait)), 'a wait is whole and bounded');
  must(parseRetryAfter(` ${header}\t`, body, NOW) === wait, 'blanks around do not count');
  // A letter that is longer in small letters than in capitals.
  const said = parseRetryAfter(undefined, body, NOW);
  must(
    parseRetryAfter(undefined, `\u0130\u0130 ${body}`, NOW) === said,
    'the words before do not count',
  );
  return wait !== undefined;
}
