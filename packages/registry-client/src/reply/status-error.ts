import { RegistryError, type RegistryErrorCode } from '../registry-error.ts';
import type { HttpReply } from '../transport/transport.ts';
import { quoteReason } from './registry-text.ts';
import { parseRetryAfter } from './retry-after.ts';

export interface StatusContext {
  /** What the request was about; opens the message. */
  readonly subject: string;
  /** What to do about a refusal (401), a prohibition (403) or an absence (404). */
  readonly advice?: string | undefined;
  /** False for hosts that a registry has sent us to: their words would show a tenant what our network says. */
  readonly quotable: boolean;
  /** Never repeated, even if the server echoes them. */
  readonly secrets: readonly string[];
  readonly now: number;
  /** Nothing was shown, and nothing could be: other credentials would be refused alike. */
  readonly sameForAll?: boolean;
}

const CODES: Readonly<Record<number, RegistryErrorCode>> = {
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  429: 'TooManyRequests',
};
const PHRASES: Readonly<Record<number, string>> = {
  401: 'access refused',
  403: 'access forbidden',
  404: 'not found',
  429: 'too many requests',
};
/** Some registries and proxies say so under another status. Source: go-containerregistry #1569. */
const TOO_MANY_CODE = 'TOOMANYREQUESTS';
const TOO_MANY = 429;
const NOT_FOUND = 404;
const SAYS_WHEN: ReadonlySet<number> = new Set([429, 503]);

/** The error for a reply that is not a success. */
export function statusError(reply: HttpReply, context: StatusContext): RegistryError {
  const body = reply.body.toString();
  const status = saysTooMany(reply.status, body) ? TOO_MANY : reply.status;
  const phrase = PHRASES[status] ?? `the server answered ${status}`;
  const reason = context.quotable ? quoteReason(body, context.secrets) : undefined;
  const said = reason === undefined ? '' : ` (the server says: ${reason})`;
  const advice = context.advice === undefined ? undefined : `${context.advice}${said}`;
  const message = `${context.subject}: ${phrase}${advice === undefined ? said : `; ${advice}`}`;
  const retryAfter = SAYS_WHEN.has(status)
    ? parseRetryAfter(reply.headers['retry-after'], body, context.now)
    : undefined;
  return new RegistryError(CODES[status] ?? 'RegistryError', message, {
    status,
    retryAfter,
    advice,
    ...(context.sameForAll === true && { sameForAll: true }),
  });
}

/**
 * As the code of an error document, and nowhere else in it: details repeat what was asked for, such as a tag of that name.
 * What is not found is not found.
 */
function saysTooMany(status: number, body: string): boolean {
  if (status === NOT_FOUND || !body.includes(TOO_MANY_CODE)) return false;
  try {
    const { errors } = JSON.parse(body) as {
      readonly errors?: readonly { readonly code?: unknown }[];
    };
    return Array.isArray(errors) && errors.some((error) => error?.code === TOO_MANY_CODE);
  } catch {
    // No document, or one that was cut off.
    return false;
  }
}
