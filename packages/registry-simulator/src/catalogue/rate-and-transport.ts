import type { NamedFault } from './named-fault.ts';

const CONTENT = { route: ['manifest', 'blob', 'tags'] } as const;
const MANIFEST = { route: 'manifest' } as const;
const GET = { ...MANIFEST, method: 'GET' } as const;

const LIMITED = 429;
const HOUR_S = 3600;

/** A byte every 20 ms: no body ends before anybody's patience does. */
const CRAWL = 50;

const TOO_MANY = JSON.stringify({
  errors: [{ code: 'TOOMANYREQUESTS', message: 'pull rate limit exceeded' }],
});

/** A refusal for having asked too often, with what it says about when to come back. */
function limited(name: string, does: string, behaviour: number, retryAfter: string): NamedFault {
  return {
    name,
    behaviour,
    does,
    parts: [{ match: CONTENT, fault: { status: LIMITED, retryAfter } }],
  };
}

/** Behaviours 64 to 75 and 81: limits, connections, certificates, clocks. */
export const RATE_AND_TRANSPORT_FAULTS: readonly NamedFault[] = [
  limited('retry-after-epoch', 'tells a moment where a wait belongs', 64, '1746136938'),
  limited('retry-after-date', 'tells a date far ahead', 65, 'Fri, 31 Dec 2049 23:59:59 GMT'),
  limited('retry-after-past', 'tells a date that has passed', 65, 'Sun, 06 Nov 1994 08:49:37 GMT'),
  limited('retry-after-duration', 'tells a wait as Go writes it', 65, '880.092µs'),
  limited('retry-after-zero', 'tells to come back at once', 65, '0'),
  limited('retry-after-nonsense', 'tells a wait that is none', 65, '-5 or so'),
  {
    name: 'no-retry-after',
    behaviour: 65,
    does: 'refuses with 429 and does not say for how long',
    parts: [{ match: CONTENT, fault: { status: LIMITED } }],
  },
  {
    name: 'rate-limit-without-number',
    behaviour: 66,
    does: 'sends rate limit headers that lack their number',
    parts: [
      {
        match: CONTENT,
        fault: { headers: { 'RateLimit-Limit': ';w=21600', 'RateLimit-Remaining': ';w=21600' } },
      },
    ],
  },
  {
    name: 'rate-limit-zero-on-200',
    behaviour: 66,
    does: 'says that nothing remains, and serves',
    parts: [
      {
        match: CONTENT,
        fault: {
          headers: {
            'RateLimit-Limit': '100;w=21600',
            'RateLimit-Remaining': '0;w=21600',
            'Docker-RateLimit-Source': '2001:db8:0:1::/64',
          },
        },
      },
    ],
  },
  {
    name: 'too-many-as-403',
    behaviour: 68,
    does: 'says TOOMANYREQUESTS in the body of a 403',
    parts: [{ match: CONTENT, fault: { status: 403, body: TOO_MANY } }],
  },
  {
    name: 'head-eof',
    behaviour: 70,
    does: 'closes the connection in place of an answer to HEAD',
    parts: [{ match: { ...MANIFEST, method: 'HEAD' }, fault: { reset: true } }],
  },
  {
    name: 'truncated-body',
    behaviour: 71,
    does: 'sends half of a manifest and closes the connection',
    parts: [{ match: GET, fault: { truncateBody: true } }],
  },
  {
    name: 'body-stalls',
    behaviour: 71,
    does: 'sends half of a manifest and then nothing more',
    parts: [{ match: GET, fault: { truncateBody: true, hang: true } }],
  },
  {
    name: 'body-crawls',
    behaviour: 71,
    does: 'sends manifests at 50 bytes a second',
    parts: [{ match: GET, fault: { slowBody: CRAWL } }],
  },
  {
    name: 'burst-of-503',
    behaviour: 72,
    does: 'answers 503 to the first three requests',
    parts: [{ match: { ...CONTENT, first: 3 }, fault: { status: 503 } }],
  },
  {
    name: 'token-500',
    behaviour: 72,
    does: 'answers token requests with 500',
    auth: 'bearer',
    parts: [{ match: { route: 'token' }, fault: { status: 500 } }],
  },
  {
    name: 'tag-gone',
    behaviour: 73,
    does: 'does not know the tag any more',
    parts: [{ match: { ...MANIFEST, referenceKind: 'tag' }, fault: { status: 404 } }],
  },
  {
    name: 'self-signed',
    behaviour: 74,
    does: 'speaks TLS, too, with a certificate that it signed itself',
    parts: [{ match: {}, fault: { tls: 'selfSigned' } }],
  },
  {
    name: 'certificate-expired',
    behaviour: 74,
    does: 'speaks TLS, too, with a certificate that expired yesterday',
    parts: [{ match: {}, fault: { tls: 'expired' } }],
  },
  {
    name: 'certificate-of-another',
    behaviour: 74,
    does: 'speaks TLS, too, with the certificate of another host',
    parts: [{ match: {}, fault: { tls: 'otherHost' } }],
  },
  {
    name: 'chain-incomplete',
    behaviour: 74,
    does: 'speaks TLS, too, and leaves out who signed its certificate',
    parts: [{ match: {}, fault: { tls: 'incompleteChain' } }],
  },
  {
    name: 'clock-ahead',
    behaviour: 75,
    does: 'has a clock that is an hour ahead, and issues tokens for later',
    parts: [
      { match: {}, fault: { clockAhead: HOUR_S } },
      {
        match: { route: 'token' },
        fault: { setFields: { issued_at: '2049-12-31T23:00:00Z' } },
      },
    ],
  },
  {
    name: 'hang',
    behaviour: 81,
    does: 'takes the request and says nothing',
    parts: [{ match: CONTENT, fault: { hang: true } }],
  },
];
