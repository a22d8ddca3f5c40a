import type { ApiClient } from '@tagtrail/api-client';
import { CliError, errorMessage } from '../cli-error.ts';

/** ms for an answer: a collection reads every record, when there is anything to collect. */
const PATIENCE = 300_000;
/** Bytes of an answer: counts, and a hundred digests at most. */
const ANSWER_LIMIT = 1024 * 1024;
const LOOPBACK = /^(?:127(?:\.\d+){3}|localhost|\[::1\])(?::\d+)?$/;

/** How full a registry's store of copies is, and what it was good for since the registry started. */
export interface StorageReport {
  readonly blobs: number;
  readonly bytes: number;
  readonly quota: number;
  readonly served: Readonly<Record<'record' | 'copy' | 'upstream', ServedCount>>;
  /** Share of requests that nobody upstream was asked for; null before the first one. */
  readonly hitRate: number | null;
  readonly bytesSaved: number;
  readonly lastKnownGood: number;
  readonly downloads: number;
  readonly downloadedBytes: number;
}

export interface ServedCount {
  readonly count: number;
  readonly bytes: number;
}

/** What a collection took away, or would. */
export interface CollectionReport {
  readonly dryRun: boolean;
  readonly blobs: number;
  readonly bytes: number;
  readonly digests: readonly string[];
}

/**
 * Where the registry is: what was given, else what the API says of any stream. Throws CliError `usage` when neither says
 * it, or when a token would have to travel in clear.
 */
export async function registryUrl(given: string | undefined, api: ApiClient): Promise<string> {
  if (given === undefined) return urlOf(await publishedHost(api));
  return given.includes('://') ? checkedUrl(given) : urlOf(given);
}

/** The host in the repository that streams say they are pulled from. */
async function publishedHost(api: ApiClient): Promise<string> {
  const { items } = await api.streams.list({ limit: 1 });
  const [host = ''] = (items[0]?.status.dockerImageRepository ?? '').split('/');
  if (host !== '') return host;
  const message = 'nobody says where the registry is; name it with --registry HOST:PORT';
  throw new CliError('usage', message);
}

/** One port answers both; the token is for https, and for this machine. */
function urlOf(host: string): string {
  return `${LOOPBACK.test(host) ? 'http' : 'https'}://${host}`;
}

function checkedUrl(text: string): string {
  const url = URL.parse(text);
  const isPlain = url?.protocol === 'http:';
  if (url === null || !(isPlain || url.protocol === 'https:')) {
    throw new CliError('usage', `--registry ${text} is no host and no http:// or https:// URL`);
  }
  if (isPlain && !LOOPBACK.test(url.host)) {
    throw new CliError(
      'usage',
      `--registry ${url.host}: a token is not sent over plain http; use https`,
    );
  }
  return url.origin;
}

/** Asks the registry. Throws CliError `connection` with what it says. */
export async function askRegistry(
  url: string,
  {
    path,
    method,
    token,
  }: { readonly path: string; readonly method: 'GET' | 'POST'; readonly token: string | undefined },
): Promise<unknown> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  let reply: Response;
  let text: string;
  try {
    reply = await fetch(`${url}${path}`, {
      method,
      headers,
      redirect: 'error',
      signal: AbortSignal.timeout(PATIENCE),
    });
    text = await reply.text();
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    throw new CliError('connection', `cannot ask the registry at ${url}: ${errorMessage(cause)}`, {
      cause: error,
    });
  }
  if (text.length > ANSWER_LIMIT)
    throw new CliError('connection', `${url} answered too much to be a registry of Tagtrail`);
  const answer = parsed(text);
  if (reply.ok && answer !== undefined) return answer;
  throw new CliError(
    'connection',
    `the registry at ${url} answered ${reply.status}: ${reasonIn(answer)}`,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // a page of something else
  }
}

function reasonIn(answer: unknown): string {
  const errors = (
    answer as { readonly errors?: readonly { readonly message?: unknown }[] } | undefined
  )?.errors;
  const message = Array.isArray(errors) ? errors[0]?.message : undefined;
  return typeof message === 'string' ? message : 'it is no registry of Tagtrail';
}
