import type { NamedFault } from './named-fault.ts';

const TOKEN = { route: 'token' } as const;
const CONTENT = { route: ['manifest', 'blob', 'tags'] } as const;

/** More than any header of a request may have. */
const HUGE_TOKEN_LENGTH = 64 * 1024;

const HOUR_S = 3600;

/** Behaviours 41 to 56: challenges, tokens, and who is let in. */
export const AUTH_AND_TOKEN_FAULTS: readonly NamedFault[] = [
  {
    name: 'challenge-on-ping-only',
    behaviour: 41,
    does: 'says how to authenticate at /v2/, and refuses everything else without a word',
    auth: 'bearer',
    parts: [{ match: CONTENT, fault: { headers: { 'WWW-Authenticate': null } } }],
  },
  {
    name: 'basic-before-bearer',
    behaviour: 42,
    does: 'offers Basic and Bearer in one header, Basic first, with commas inside quotes',
    auth: 'bearer',
    parts: [
      {
        match: CONTENT,
        fault: { challenge: { before: 'Basic realm="users, and robots", ', scheme: 'BEARER' } },
      },
    ],
  },
  {
    name: 'basic-behind-bearer',
    behaviour: 42,
    does: 'offers Bearer and Basic in one header without a blank, in small letters',
    auth: 'bearer',
    parts: [
      {
        match: CONTENT,
        fault: { challenge: { after: ',basic realm="{host}"', scheme: 'bearer' } },
      },
    ],
  },
  {
    name: 'basic-realm-url',
    behaviour: 43,
    does: 'sends a Basic challenge whose realm looks like a token service',
    auth: 'basic',
    parts: [{ match: CONTENT, fault: { challenge: { realm: 'http://{host}/token' } } }],
  },
  {
    name: 'access-token-only',
    behaviour: 44,
    does: 'names the token "access_token" alone',
    auth: 'bearer',
    parts: [{ match: TOKEN, fault: { dropFields: ['token'] } }],
  },
  {
    name: 'empty-token-beside',
    behaviour: 44,
    does: 'sends an empty "token" beside the "access_token"',
    auth: 'bearer',
    parts: [{ match: TOKEN, fault: { setFields: { token: '' } } }],
  },
  {
    name: 'no-token',
    behaviour: 44,
    does: 'answers a token request with neither "token" nor "access_token"',
    auth: 'bearer',
    parts: [{ match: TOKEN, fault: { dropFields: ['token', 'access_token'] } }],
  },
  {
    name: 'no-token-expiry',
    behaviour: 45,
    does: 'does not say how long tokens live',
    auth: 'bearer',
    parts: [{ match: TOKEN, fault: { dropFields: ['expires_in', 'issued_at'] } }],
  },
  {
    name: 'token-expires-at-once',
    behaviour: 45,
    does: 'says that tokens live for 0 s',
    auth: 'bearer',
    parts: [{ match: TOKEN, fault: { setFields: { expires_in: 0 } } }],
  },
  {
    name: 'token-promises-more',
    behaviour: 45,
    does: 'promises tokens an hour, however long they live',
    auth: 'bearer',
    parts: [{ match: TOKEN, fault: { setFields: { expires_in: HOUR_S } } }],
  },
  {
    name: 'issued-at-skewed',
    behaviour: 45,
    does: 'dates tokens years back',
    auth: 'bearer',
    parts: [{ match: TOKEN, fault: { setFields: { issued_at: '2001-01-01T00:00:00Z' } } }],
  },
  {
    name: 'expired-token-400',
    behaviour: 46,
    does: 'refuses an expired token with 400',
    auth: 'bearer',
    parts: [
      { match: { ...CONTENT, authorization: 'bearer' }, fault: { statusFor: { '401': 400 } } },
    ],
  },
  {
    name: 'expired-token-403',
    behaviour: 46,
    does: 'refuses an expired token with 403',
    auth: 'bearer',
    parts: [
      { match: { ...CONTENT, authorization: 'bearer' }, fault: { statusFor: { '401': 403 } } },
    ],
  },
  {
    name: 'literal-scope',
    behaviour: 47,
    does: 'demands the scope repository:user/image:pull for every repository',
    auth: 'bearer',
    parts: [{ match: CONTENT, fault: { challenge: { scope: 'repository:user/image:pull' } } }],
  },
  {
    name: 'wider-scope',
    behaviour: 48,
    does: 'demands more than pulling: metadata_read, too',
    auth: 'bearer',
    parts: [
      {
        match: CONTENT,
        fault: { challenge: { scope: 'repository:{repository}:metadata_read,pull' } },
      },
    ],
  },
  {
    name: 'realm-relative',
    behaviour: 49,
    does: 'names its token service by a path',
    auth: 'bearer',
    parts: [{ match: CONTENT, fault: { challenge: { realm: '/token' } } }],
  },
  {
    name: 'no-service',
    behaviour: 49,
    does: 'leaves the service out of its challenge',
    auth: 'bearer',
    parts: [{ match: CONTENT, fault: { challenge: { service: null } } }],
  },
  {
    name: 'realm-metadata-address',
    behaviour: 50,
    does: 'names the address where clouds keep machine credentials as its token service',
    auth: 'bearer',
    parts: [
      { match: CONTENT, fault: { challenge: { realm: 'http://169.254.169.254/latest/token' } } },
    ],
  },
  {
    name: 'realm-elsewhere',
    behaviour: 50,
    does: 'names a token service on another host, here itself by another name',
    auth: 'bearer',
    parts: [{ match: CONTENT, fault: { challenge: { realm: 'http://localhost:{port}/token' } } }],
  },
  {
    name: 'token-redirect',
    behaviour: 50,
    does: 'redirects token requests to another host, here itself by another name',
    auth: 'bearer',
    parts: [
      { match: TOKEN, fault: { redirect: 'http://localhost:{port}/token?{query}&redirected=1' } },
    ],
  },
  {
    name: 'sometimes-401',
    behaviour: 51,
    does: 'refuses each third request, although its token is good',
    auth: 'bearer',
    parts: [{ match: { ...CONTENT, every: 3 }, fault: { unauthorized: true } }],
  },
  {
    name: 'always-401',
    behaviour: 51,
    does: 'refuses every token that it has issued',
    auth: 'bearer',
    parts: [{ match: CONTENT, fault: { unauthorized: true } }],
  },
  {
    name: 'credentials-refused',
    behaviour: 52,
    does: 'gives tokens to everybody but those who show credentials',
    auth: 'bearer',
    parts: [{ match: { ...TOKEN, authorization: 'basic' }, fault: { status: 401 } }],
  },
  {
    name: 'unknown-is-401',
    behaviour: 53,
    does: 'answers 401 for what is not there',
    auth: 'bearer',
    parts: [{ match: CONTENT, fault: { statusFor: { '404': 401 } } }],
  },
  {
    name: 'unknown-is-403',
    behaviour: 53,
    does: 'answers 403 for what is not there',
    auth: 'bearer',
    parts: [{ match: CONTENT, fault: { statusFor: { '404': 403 } } }],
  },
  {
    name: 'anonymous-token',
    behaviour: 54,
    does: 'serves nobody without a token, and gives one to anybody',
    auth: 'bearer',
    parts: [{ match: { ...CONTENT, authorization: 'none' }, fault: { unauthorized: true } }],
  },
  {
    name: 'huge-token',
    behaviour: 55,
    does: 'issues tokens of 64 KiB',
    auth: 'bearer',
    parts: [
      {
        match: TOKEN,
        fault: {
          setFields: {
            token: 'x'.repeat(HUGE_TOKEN_LENGTH),
            access_token: 'x'.repeat(HUGE_TOKEN_LENGTH),
          },
        },
      },
    ],
  },
  {
    name: 'token-too-large-431',
    behaviour: 55,
    does: 'finds the headers of whoever shows a token too large',
    auth: 'bearer',
    parts: [{ match: { ...CONTENT, authorization: 'bearer' }, fault: { status: 431 } }],
  },
  {
    name: 'auth-on-every-request',
    behaviour: 56,
    does: 'wants the account in each single request',
    auth: 'basic',
    parts: [{ match: { ...CONTENT, authorization: 'none' }, fault: { unauthorized: true } }],
  },
];
