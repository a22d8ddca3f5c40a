import { answerContent } from '../wire/answer-content.ts';
import type { Reply } from '../wire/reply.ts';
import { createReply, errorReply } from '../wire/reply.ts';
import type { WireRequest } from '../wire/route.ts';
import { type FaultScene, fillIn } from './fault-scene.ts';

const TEMPORARY_REDIRECT = 307;

/** Sends the request to where the template leads; what is there already stays as it is. */
export function redirectReply(reply: Reply, template: string, { request }: FaultScene): Reply {
  const to = fillIn(template, request);
  if (hasArrived(to, request)) return reply;
  return createReply(TEMPORARY_REDIRECT, { Location: to }, Buffer.alloc(0));
}

/** Content for everybody under the host name, and a refusal for whoever says who he is. */
export function objectStoreReply(
  reply: Reply,
  hostname: string,
  { request, content }: FaultScene,
): Reply {
  if (request.headers.host?.replace(/:\d+$/, '') !== hostname) return reply;
  if (request.headers.authorization === undefined) return answerContent(content, request);
  return errorReply(400, { code: 'InvalidArgument', message: 'only one auth mechanism allowed' });
}

function hasArrived(to: string, { headers, path, query, secure }: WireRequest): boolean {
  const protocol = secure === true ? 'https:' : 'http:';
  const url = URL.parse(to, `${protocol}//${headers.host ?? ''}`);
  const here = query === '' ? path : `${path}?${query}`;
  return (
    url?.protocol === protocol &&
    url.host === headers.host &&
    `${url.pathname}${url.search}` === here
  );
}
