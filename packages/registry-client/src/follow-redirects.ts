import type { Authorizer, Grant } from './authorization/authorizer.ts';
import { HostTraits } from './host-traits.ts';
import { type Landing, redirectedSubject, tooManyRedirects } from './landing.ts';
import type { RegistryLimits } from './limits.ts';
import { UNAUTHORIZED } from './refusal.ts';
import { failureError } from './reply/failure-error.ts';
import type { RepositoryTarget } from './repository-target.ts';
import { isRedirect, redirectedRequest } from './transport/redirect.ts';
import type { HttpReply, HttpRequest, Transport } from './transport/transport.ts';

/** A request that was sent, and what came back. */
export interface Hopped {
  readonly hop: HttpRequest;
  readonly reply: HttpReply;
}

export interface Course {
  readonly target: RepositoryTarget;
  /** Opens the message of an error: what is asked for. */
  readonly subject: string;
  readonly parts: {
    readonly transport: Transport;
    readonly authorizer: Authorizer;
    readonly limits: Pick<RegistryLimits, 'redirects'>;
    readonly now: () => number;
  };
}

/** From a redirect of the registry's own to where the last one leads. */
export async function followRedirects(
  first: Hopped,
  course: Course,
  signal: AbortSignal,
): Promise<Landing> {
  const { target, subject, parts } = course;
  const { endpoint, insecure } = target;
  let { hop, reply } = first;
  for (let hops = 0; isRedirect(reply); hops += 1) {
    if (hops === parts.limits.redirects) throw tooManyRedirects(subject, hops);
    hop = redirectedRequest(hop, reply, { subject, insecure, endpoint });
    reply = await visitHop(hop, course, signal);
  }
  const atHome = hop.authority === endpoint && hop.mode === first.hop.mode;
  return { reply, stranger: atHome ? undefined : hop.authority };
}

/** Another registry may want a token of its own, which everybody gets. */
async function visitHop(hop: HttpRequest, course: Course, signal: AbortSignal): Promise<HttpReply> {
  const { mode, authority } = hop;
  const { target, parts } = course;
  if (authority === target.endpoint) return sendHop(hop, course, signal);
  const { authorizer, now } = parts;
  const stranger = { ...target, registry: authority, endpoint: authority };
  // What is learned on the way is about the path of the redirect, and must not count for whoever names that host.
  const traits = new HostTraits({ now, place: { mode, endpoint: authority } });
  const visit = { target: stranger, mode, traits, isStranger: true };
  const sent = await authorizer.prepare(visit, signal);
  const reply = await sendHop(withAuthorization(hop, sent), course, signal);
  if (reply.status !== UNAUTHORIZED) return reply;
  const next = await authorizer.answer(visit, { reply, sent, ofRegistry: false }, signal);
  if (next.authorization === sent.authorization) return reply;
  return sendHop(withAuthorization(hop, next), course, signal);
}

async function sendHop(
  hop: HttpRequest,
  { subject, parts }: Course,
  signal: AbortSignal,
): Promise<HttpReply> {
  try {
    return await parts.transport.send(hop, signal);
  } catch (error) {
    throw failureError(error, { subject: redirectedSubject(subject, hop.authority), signal });
  }
}

function withAuthorization(hop: HttpRequest, { authorization }: Grant): HttpRequest {
  return authorization === undefined ? hop : { ...hop, headers: { ...hop.headers, authorization } };
}
