import { secretsOf } from '../authorization/credential.ts';
import { safeText } from '../reply/registry-text.ts';
import type { HttpReply, HttpRequest } from '../transport/transport.ts';
import { describeFailure } from '../transport/transport-failure.ts';
import { originOf } from '../transport/transport-mode.ts';
import type { RegistryObserver } from './registry-event.ts';

/** The one field of a form that is a secret. */
const REFRESH_TOKEN = 'refresh_token';
/** Worth telling; none of them is the client's secret, and what echoes one is masked. */
const TOLD_HEADERS = [
  'content-type',
  'docker-content-digest',
  'docker-distribution-api-version',
  'link',
  'ratelimit-limit',
  'ratelimit-remaining',
  'retry-after',
] as const;

/** Sends, and tells what came of it. */
export async function observeReply(
  request: HttpRequest,
  send: () => Promise<HttpReply>,
  observe: RegistryObserver,
): Promise<HttpReply> {
  const began = performance.now();
  const { mode, method } = request;
  const requested = () => ({ mode, method, url: urlOf(request), took: performance.now() - began });
  try {
    const reply = await send();
    const { status, body, streamed: size = body.length } = reply;
    const headers = toldHeaders(request, reply);
    observe({ kind: 'reply', ...requested(), status, size, headers });
    return reply;
  } catch (error) {
    observe({ kind: 'no-reply', ...requested(), failure: describeFailure(error) });
    throw error;
  }
}

function urlOf({ mode, authority, path }: HttpRequest): string {
  const [pathname = ''] = path.split('?', 1);
  return `${originOf(mode, authority)}${pathname}`;
}

function toldHeaders(request: HttpRequest, reply: HttpReply): Readonly<Record<string, string>> {
  const shown = request.form?.getAll(REFRESH_TOKEN) ?? [];
  const secrets = [...secretsOf(request.headers['authorization']), ...shown];
  const told = TOLD_HEADERS.flatMap((name) => {
    const value = reply.headers[name];
    return value === undefined ? [] : [[name, safeText([value].flat().join(', '), secrets)]];
  });
  return Object.fromEntries(told);
}
