import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Digest } from '@tagtrail/image-reference';
import { MEDIA_TYPE } from '@tagtrail/oci';

/** What a descriptor says, as it stands in manifests and in lists of referrers. */
export interface ContentDescriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly size: number;
  readonly artifactType?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly platform?: { readonly os: string; readonly architecture: string };
  /** The content itself, in base64. */
  readonly data?: string;
  readonly urls?: readonly string[];
}

export interface ContentManifest {
  readonly mediaType: string;
  readonly bytes: Buffer;
}

/** Everything that a repository gives out, byte for byte. */
export interface RepositoryContent {
  readonly tags: ReadonlyMap<string, Digest>;
  readonly manifests: ReadonlyMap<Digest, ContentManifest>;
  readonly blobs: ReadonlyMap<Digest, Buffer>;
  /** By digest of the subject. */
  readonly referrers: ReadonlyMap<string, readonly ContentDescriptor[]>;
}

export interface ContentRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly authorization: string | undefined;
}

/** How a registry is away: it hangs up on everybody, or answers 503. */
export type Absence = 'hangs-up' | 'unavailable';

/** An upstream registry that has what it is given, and nothing else. */
export interface ContentServer extends AsyncDisposable {
  /** `127.0.0.1:41234`. */
  readonly host: string;
  /** All requests, in order of arrival. */
  readonly requests: readonly ContentRequest[];
  clearRequests(): void;
  serve(repository: string, content: RepositoryContent): void;
  /** From now on, whatever asks for this digest is answered by `liar`; without one, honestly again. */
  lieAbout(digest: Digest, liar: RequestListener | undefined): void;
  /** From now on; `undefined` for there. */
  setAway(absence: Absence | undefined): void;
  /** From now on only these may read the repository. */
  requirePassword(repository: string, account: Account): void;
}

export interface Account {
  readonly username: string;
  readonly password: string;
}

interface State {
  readonly repositories: Map<string, RepositoryContent>;
  readonly accounts: Map<string, string>;
  readonly liars: Map<string, RequestListener>;
  readonly requests: ContentRequest[];
  absence: Absence | undefined;
}

/** Opens it on a free port of the loopback address. */
export async function openContentServer(): Promise<ContentServer> {
  const state: State = {
    repositories: new Map(),
    accounts: new Map(),
    liars: new Map(),
    requests: [],
    absence: undefined,
  };
  const server = createServer((request, response) => answer(request, response, state));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: state.requests,
    clearRequests: () => void state.requests.splice(0),
    serve: (repository, content) => void state.repositories.set(repository, content),
    lieAbout: (digest, liar) =>
      void (liar === undefined ? state.liars.delete(digest) : state.liars.set(digest, liar)),
    setAway: (absence) => {
      state.absence = absence;
    },
    requirePassword: (repository, account) => void state.accounts.set(repository, basic(account)),
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** The header that an account is shown by. */
export function basic({ username, password }: Account): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

interface Wanted {
  readonly repository: string;
  readonly kind: string;
  /** A tag or a digest. */
  readonly reference: string;
}

const NOT_FOUND: Reply = { status: 404 };

function answer(request: IncomingMessage, response: ServerResponse, state: State): void {
  const [path = ''] = (request.url ?? '').split('?', 1);
  const { authorization } = request.headers;
  state.requests.push({ method: request.method ?? '', path, authorization });
  const wanted = wantedBy(path);
  const refusal = refusalOf(wanted, authorization, state);
  const liar = state.liars.get(wanted.reference);
  if (state.absence === 'hangs-up') request.socket.destroy();
  else if (refusal !== undefined) send(response, refusal);
  else if (liar !== undefined) liar(request, response);
  else send(response, path === '/v2/' ? asJson('application/json', {}) : replyTo(wanted, state));
}

function wantedBy(path: string): Wanted {
  const [, repository = '', kind = '', reference = ''] =
    /^\/v2\/(.+)\/(manifests|blobs|tags|referrers)\/([^/]+)$/.exec(path) ?? [];
  return { repository, kind, reference };
}

function refusalOf(
  { repository }: Wanted,
  authorization: string | undefined,
  { absence, accounts }: State,
): Reply | undefined {
  if (absence === 'unavailable') return { status: 503 };
  const account = accounts.get(repository);
  if (account === undefined || account === authorization) return undefined;
  return { status: 401, headers: { 'www-authenticate': 'Basic realm="content"' } };
}

function replyTo({ repository, kind, reference }: Wanted, { repositories }: State): Reply {
  const content = repositories.get(repository);
  if (content === undefined) return NOT_FOUND;
  if (kind === 'manifests') return manifestReply(content, reference);
  if (kind === 'blobs') {
    const body = content.blobs.get(reference as Digest);
    return body === undefined ? NOT_FOUND : withBody('application/octet-stream', body);
  }
  if (kind === 'tags') {
    return asJson('application/json', { name: repository, tags: [...content.tags.keys()].sort() });
  }
  const manifests = content.referrers.get(reference) ?? [];
  const index = { schemaVersion: 2, mediaType: MEDIA_TYPE.ociIndex, manifests };
  return asJson(MEDIA_TYPE.ociIndex, index);
}

function manifestReply({ tags, manifests }: RepositoryContent, reference: string): Reply {
  const digest = tags.get(reference) ?? (reference as Digest);
  const manifest = manifests.get(digest);
  if (manifest === undefined) return NOT_FOUND;
  return withBody(manifest.mediaType, manifest.bytes, { 'docker-content-digest': digest });
}

function asJson(mediaType: string, value: unknown): Reply {
  return withBody(mediaType, Buffer.from(JSON.stringify(value)));
}

function withBody(mediaType: string, body: Buffer, more: Reply['headers'] = {}): Reply {
  return { status: 200, headers: { 'content-type': mediaType, ...more }, body };
}

/** Node leaves the body out for HEAD. */
function send(
  response: ServerResponse,
  { status, headers = {}, body = Buffer.alloc(0) }: Reply,
): void {
  response.writeHead(status, { ...headers, 'content-length': body.length }).end(body);
}
