import { parseImageReference, resolveReference } from '@tagtrail/image-reference';
import type { FailureReason, LookOutcome, Postponed } from '@tagtrail/image-stream';
import { RegistryError } from '@tagtrail/registry-client';

/** Longest message kept in a record. */
const MAX_MESSAGE_LENGTH = 1024;
/** Reasons that the next look may find mended without anybody's help. */
const PASSING: ReadonlySet<FailureReason> = new Set([
  'TooManyRequests',
  'Timeout',
  'ConnectionFailed',
  'RegistryError',
]);

export type Failure = LookOutcome & { readonly kind: 'failed' };

export function importFailure(reason: FailureReason, message: string): Failure {
  return {
    kind: 'failed',
    reason,
    message: message.slice(0, MAX_MESSAGE_LENGTH),
    retryable: PASSING.has(reason),
  };
}

/**
 * A registry's failure to serve `name` as an outcome, or that it was not asked, at `now` (ms since the epoch); undefined
 * for everything else, which is ours.
 */
export function failureOf(
  error: unknown,
  { name, now }: { readonly name: string; readonly now: number },
): Failure | Postponed | undefined {
  if (!(error instanceof RegistryError)) return undefined;
  const { code, message, retryable, retryAfter } = error;
  if (code === 'CoolDown') {
    const until = now + (retryAfter ?? 0);
    return { kind: 'postponed', until, message: message.slice(0, MAX_MESSAGE_LENGTH) };
  }
  const failure = { ...importFailure(code, describeFailure(error, name)), retryable };
  return retryAfter === undefined ? failure : { ...failure, retryAfter };
}

/** In OpenShift's words where it has some of its own; what to do about a refusal is added to them. */
function describeFailure({ code, message, advice = message }: RegistryError, name: string): string {
  if (code === 'NotFound') return `dockerimage.image.openshift.io "${name}" not found`;
  return code === 'Unauthorized'
    ? `you may not have access to the container image "${name}"; ${advice}`
    : message;
}

/** How failures name an image: with everything that a short reference means, as OpenShift does. */
export function imageName(from: string): string {
  const parsed = parseImageReference(from);
  if (!parsed.ok) return from;
  const { registry, repository, tag, digest } = resolveReference(parsed.reference);
  return `${registry}/${repository}${digest === undefined ? `:${tag}` : `@${digest}`}`;
}

/** The host behind a source, for metrics and limits. */
export function registryOf(from: string): string {
  const parsed = parseImageReference(from);
  return parsed.ok ? resolveReference(parsed.reference).registry : 'unknown';
}
