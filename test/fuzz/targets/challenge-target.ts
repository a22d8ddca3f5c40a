import {
  type Challenge,
  parseChallenges,
} from '../../../packages/registry-client/src/authorization/challenge.ts';
import { filled } from '../engine/filled.ts';
import { type FuzzTarget, must, mustEqual } from '../engine/fuzz-target.ts';
import { LINE_MUTATORS } from '../engine/line-mutators.ts';

/** Characters of one header that are read. */
const HEADER_LENGTH = 8 * 1024;
const MOST = 16;

/** `WWW-Authenticate`, one header a line. */
export const challengeTarget: FuzzTarget = {
  name: 'challenge',
  dictionary: [
    'Bearer ',
    'Basic ',
    'Negotiate ',
    'realm="https://auth.example/token"',
    'service=',
    'scope="repository:a/b:pull"',
    'error="invalid_token"',
    '="',
    '\\"',
    '"',
    ', ',
    ',',
    '=',
    '==',
    'YIIB+/x==',
    '\t',
    'realm=',
    '__proto__="x"',
  ],
  mutators: LINE_MUTATORS,
  limit: HEADER_LENGTH,
  check: checkChallenges,
  growth: {
    'names without values': (size) => filled(size, 'a=', ['Bearer ', '']),
    'many parameters': (size) => filled(size, (at) => `p${at}=1,`, ['Bearer ', '']),
    'many schemes': (size) => filled(size, (at) => `S${at},`),
    escapes: (size) => filled(size, '\\"', ['Bearer realm="', '']),
    'open quotes': (size) => filled(size, 'a="', ['Bearer ', '']),
    quotes: (size) => filled(size, '"', ['Bearer realm=', '']),
    equals: (size) => filled(size, '=', ['Bearer ', '']),
    commas: (size) => filled(size, ','),
    blanks: (size) => filled(size, ' ', ['Bearer', 'a=b']),
    'a long token68': (size) => filled(size, 'a/', ['Negotiate ', ' b']),
    'a long name': (size) => filled(size, 'a', ['Bearer ', '=1']),
    'a long value': (size) => filled(size, ':', ['Bearer a=', ' b']),
  },
};

function checkChallenges(text: string): boolean {
  const challenges = parseChallenges(text.split('\n'));
  must(challenges.length <= MOST, 'the challenges are bounded');
  for (const { scheme, parameters } of challenges) {
    must(/^[!-~]+$/.test(scheme) && scheme === scheme.toLowerCase(), 'the scheme is a token');
    must(parameters.size <= MOST, 'the parameters are bounded');
    for (const name of parameters.keys()) {
      must(/^[!-~]+$/.test(name) && name === name.toLowerCase(), 'a name is a token');
    }
  }
  const written = challenges.map(formatChallenge);
  if (written.some((header) => header.length > HEADER_LENGTH)) return true;
  const expected = plain(challenges);
  mustEqual(plain(parseChallenges(written)), expected, 'challenges are read as they were written');
  return challenges.length > 0;
}

function formatChallenge({ scheme, parameters }: Challenge): string {
  const written = [...parameters].map(([name, value]) => `${name}="${escaped(value)}"`);
  return `${scheme} ${written.join(', ')}`;
}

function escaped(value: string): string {
  return value.replaceAll(/["\\]/g, '\\$&');
}

function plain(challenges: readonly Challenge[]) {
  return challenges.map(({ scheme, parameters }) => [scheme, [...parameters]]);
}
