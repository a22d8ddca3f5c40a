import type { Grant } from './authorization/authorizer.ts';
import { secretsOf } from './authorization/credential.ts';
import { adviseStatus } from './exchange-advice.ts';
import { RegistryError } from './registry-error.ts';
import { statusError } from './reply/status-error.ts';
import type { RepositoryTarget } from './repository-target.ts';
import type { HttpReply } from './transport/transport.ts';

/** Where the redirects of a request ended. */
export interface Landing {
  readonly reply: HttpReply;
  /** Another host than the registry. */
  readonly stranger: string | undefined;
}

export interface LandedRequest {
  readonly target: RepositoryTarget;
  /** Opens the message of an error: what is asked for. */
  readonly subject: string;
  readonly grant: Grant;
  readonly now: number;
}

/** The error for a reply that is not a success. What a stranger says is not repeated. */
export function landingError({ reply, stranger }: Landing, request: LandedRequest): RegistryError {
  const { target, subject, grant, now } = request;
  const secrets = secretsOf(grant.authorization);
  if (stranger !== undefined) {
    const redirected = redirectedSubject(subject, stranger);
    return statusError(reply, { subject: redirected, quotable: false, secrets, now });
  }
  const advice = adviseStatus(reply.status, target, grant);
  return statusError(reply, { subject, advice, quotable: true, secrets, now });
}

export function redirectedSubject(subject: string, authority: string): string {
  return `${subject}: redirected to ${authority}`;
}

export function tooManyRedirects(subject: string, hops: number): RegistryError {
  return new RegistryError('RegistryError', `${subject}: redirected more than ${hops} times`);
}
