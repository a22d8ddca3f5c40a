import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { servePath } from '../http/endpoints.ts';
import { chooseEncoding, type DashboardFile } from './dashboard-file.ts';
import { PAGE_HEADERS } from './page-policy.ts';

/** Paths of the page's own: each is answered with the same document, which shows what belongs there. */
const PAGES = ['/'];
const DOCUMENT = 'index.html';

/** What `/` says when the page was not built; everything else works. */
const UNBUILT = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tagtrail</title>
<h1>The dashboard is not built</h1>
<p>Run <code>npm run dashboard</code> in the checkout and start the API again. Everything but this page works.</p>
</html>
`;

/** Serves the built page, or at its place how to build it. What it shows, it asks the API for, with a token. */
export function serveDashboard(
  app: FastifyInstance,
  files: ReadonlyMap<string, DashboardFile> | undefined,
): void {
  const page = files?.get(DOCUMENT);
  for (const url of PAGES) {
    serveAnswer(app, url, (request, reply) =>
      page === undefined ? sendUnbuilt(reply) : sendFile(request, reply, page),
    );
  }
  for (const [name, file] of files ?? []) {
    if (name === DOCUMENT) continue;
    serveAnswer(app, `/${name}`, (request, reply) => sendFile(request, reply, file));
  }
}

type Answer = (request: FastifyRequest, reply: FastifyReply) => FastifyReply;

function serveAnswer(app: FastifyInstance, url: string, answer: Answer): void {
  const endpoint = { verb: 'get', answer } as const;
  servePath(app, { url, resource: 'dashboard', methods: { GET: endpoint, HEAD: endpoint } });
}

function sendUnbuilt(reply: FastifyReply): FastifyReply {
  return reply.code(503).headers(PAGE_HEADERS).type('text/html; charset=utf-8').send(UNBUILT);
}

function sendFile(
  { headers }: FastifyRequest,
  reply: FastifyReply,
  { contentType, cacheControl, etag, plain, compressed }: DashboardFile,
): FastifyReply {
  const encoding = chooseEncoding(headers['accept-encoding'], compressed);
  const tag = `"${etag}${encoding === undefined ? '' : `-${encoding}`}"`;
  reply.headers({
    ...PAGE_HEADERS,
    'cache-control': cacheControl,
    etag: tag,
    vary: 'accept-encoding',
  });
  if (isHeld(headers['if-none-match'], tag)) return reply.code(304).send();
  if (encoding !== undefined) reply.header('content-encoding', encoding);
  return reply.type(contentType).send(encoding === undefined ? plain : compressed[encoding]);
}

/** Whether the client has this very file. Source: RFC 9110 §13.1.2. */
function isHeld(held: string | undefined, tag: string): boolean {
  return (held ?? '')
    .split(',')
    .map((one) => one.trim().replace(/^W\//, ''))
    .some((one) => one === tag || one === '*');
}
