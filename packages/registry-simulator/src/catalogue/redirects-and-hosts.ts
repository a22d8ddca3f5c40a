import type { NamedFault } from './named-fault.ts';

const CONTENT = { route: ['manifest', 'blob'] } as const;
const MANIFEST = { route: 'manifest' } as const;
const READABLE = { route: ['manifest', 'tags'] } as const;

const PAGE = '<!doctype html><html><body><h1>Sign in</h1></body></html>';
const HTML = { 'Content-Type': 'text/html; charset=utf-8' } as const;

/** Behaviours 57 to 63, 77 to 79: where requests are sent to, and who answers there. */
export const REDIRECT_AND_HOST_FAULTS: readonly NamedFault[] = [
  {
    name: 'signed-redirect',
    behaviour: 57,
    does: 'redirects content to an object store that refuses requests with an Authorization',
    auth: 'bearer',
    parts: [
      {
        match: CONTENT,
        fault: { redirect: 'http://localhost:{port}{path}', objectStore: 'localhost' },
      },
    ],
  },
  {
    name: 'head-redirect-to-registry',
    behaviour: 58,
    does: 'redirects HEAD of manifests to another registry, which wants a token of its own',
    auth: 'bearer',
    parts: [
      {
        match: { ...MANIFEST, method: 'HEAD' },
        fault: { redirect: 'http://localhost:{port}{path}' },
      },
    ],
  },
  {
    name: 'redirect-loop',
    behaviour: 59,
    does: 'redirects every manifest request to itself',
    parts: [{ match: MANIFEST, fault: { redirect: '{path}?{query}.' } }],
  },
  {
    name: 'redirect-to-http',
    behaviour: 59,
    does: 'redirects from https to plain http',
    parts: [
      { match: {}, fault: { tls: 'selfSigned' } },
      { match: MANIFEST, fault: { redirect: 'http://localhost:{port}{path}' } },
    ],
  },
  {
    name: 'html-200',
    behaviour: 62,
    does: 'answers manifests and lists with a page to sign in, and 200',
    parts: [
      { match: READABLE, fault: { status: 200, body: PAGE, headers: HTML, noDigestHeader: true } },
    ],
  },
  {
    name: 'html-502',
    behaviour: 62,
    does: 'answers 502 with a page in HTML',
    parts: [{ match: READABLE, fault: { status: 502, body: PAGE, headers: HTML } }],
  },
  {
    name: 'mirror-404',
    behaviour: 63,
    does: 'says, as a mirror, that what it has not fetched yet is not there',
    parts: [{ match: MANIFEST, fault: { status: 404 } }],
  },
  {
    name: 'mirror-500',
    behaviour: 63,
    does: 'answers 500, as a mirror whose upstream limits it',
    parts: [{ match: MANIFEST, fault: { status: 500 } }],
  },
  {
    name: 'mirror-stale',
    behaviour: 63,
    does: 'serves, as a mirror, what a tag was before its last push, for ever',
    parts: [{ match: { ...MANIFEST, referenceKind: 'tag' }, fault: { previous: true } }],
  },
  {
    name: 'token-http-to-https',
    behaviour: 77,
    does: 'redirects token requests from http to https on the same host',
    auth: 'bearer',
    parts: [
      {
        match: { route: 'token' },
        fault: { redirect: 'https://{host}{path}?{query}' },
      },
    ],
  },
  {
    name: 'redirected-challenge',
    behaviour: 78,
    does: 'redirects all content to another registry, which wants a token of its own',
    auth: 'bearer',
    parts: [{ match: CONTENT, fault: { redirect: 'http://localhost:{port}{path}' } }],
  },
  {
    name: 'ping-redirect',
    behaviour: 79,
    does: 'redirects /v2/ to /v2, and challenges nobody there',
    auth: 'bearer',
    parts: [
      {
        match: { route: 'ping' },
        fault: { statusFor: { '401': 200 }, redirect: '/v2' },
      },
    ],
  },
];
