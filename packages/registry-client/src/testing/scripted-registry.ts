import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { MEDIA_TYPE } from '@tagtrail/oci';
import { computeDigest } from '../content-digest.ts';
import type { RepositoryTarget } from '../repository-target.ts';
import type { ScriptedServer } from './scripted-server.ts';

export const MANIFEST = Buffer.from(
  JSON.stringify({ schemaVersion: 2, mediaType: MEDIA_TYPE.ociIndex, manifests: [] }),
);
export const MANIFEST_DIGEST = computeDigest(MANIFEST);

/** A repository of a server on this machine. */
export function targetOf(host: string, changes: Partial<RepositoryTarget> = {}): RepositoryTarget {
  return { registry: host, endpoint: host, repository: 'team/app', insecure: true, ...changes };
}

/** Answers every manifest request as a flawless registry would. */
export const serveManifest: RequestListener = (_request, response) => {
  sendManifest(response);
};

export function sendManifest(response: ServerResponse, body: Buffer = MANIFEST): void {
  response.writeHead(200, {
    'content-type': MEDIA_TYPE.ociIndex,
    'content-length': body.length,
    'docker-content-digest': computeDigest(body),
  });
  // Node's server drops the body of a reply to HEAD.
  response.end(body);
}

/** An empty reply of the given status. */
export function sendStatus(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-length': 0, ...headers }).end();
}

export function sendJson(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** Demands a token from `realm`, for the repository of the request unless `scope` says otherwise. */
export function demandToken(
  { url = '' }: IncomingMessage,
  response: ServerResponse,
  challenge: { readonly realm: string; readonly scope?: string },
): void {
  const repository = url.slice('/v2/'.length, url.indexOf('/manifests/'));
  const scope = challenge.scope ?? `repository:${repository}:pull`;
  const header = `Bearer realm="${challenge.realm}",service="registry.test",scope="${scope}"`;
  sendStatus(response, 401, { 'www-authenticate': header });
}

/** Issues the token `good`. */
export const issueGood: RequestListener = (_request, response) =>
  sendJson(response, { token: 'good', expires_in: 300 });

/** The Authorization headers that a server saw, in order. */
export function authorizations({ requests }: ScriptedServer): (string | undefined)[] {
  return requests.map(({ headers }) => headers.authorization);
}
