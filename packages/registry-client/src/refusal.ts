import type { Grant } from './authorization/authorizer.ts';
import type { Verdict } from './authorization/try-in-turn.ts';
import type { Landing } from './landing.ts';
import type { HttpReply } from './transport/transport.ts';

const BAD_REQUEST = 400;
export const UNAUTHORIZED = 401;
const FORBIDDEN = 403;
const NOT_FOUND = 404;
/** Some registries say with another status than 401 that a token has expired. Source: Amazon ECR. */
const REFUSALS: ReadonlySet<number> = new Set([BAD_REQUEST, UNAUTHORIZED, FORBIDDEN]);
const EXPIRED = /token (?:has |is )?expired/i;

/** Verdicts of a registry that has asked who wants to know. */
const VERDICTS: Readonly<Record<number, Verdict>> = {
  [UNAUTHORIZED]: 'refused',
  [FORBIDDEN]: 'refused',
  [NOT_FOUND]: 'hidden',
};

/** Whether the registry refuses, and not a host it redirects to: only it may demand its credentials. */
export function isRefused({ reply, stranger }: Landing): boolean {
  return stranger === undefined && REFUSALS.has(reply.status);
}

/** A HEAD brings no words: then every such refusal may be one, and costs a token at most. */
export function mayBeExpired(
  { body }: HttpReply,
  { method }: { readonly method: string },
): boolean {
  return method === 'HEAD' || EXPIRED.test(body.toString());
}

/** What an answer to `grant` says about the credential in it. */
export function verdictOf({ reply, stranger }: Landing, grant: Grant): Verdict {
  const isOwn = stranger === undefined && grant.asked && grant.withheld !== true;
  return (isOwn && VERDICTS[reply.status]) || 'open';
}
