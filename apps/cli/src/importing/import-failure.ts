import { ApiError } from '@tagtrail/api-client';
import { CliError } from '../cli-error.ts';
import type { ImportDraft } from './import-request.ts';

/** Tags that are named; a registry's whole list would bury the advice. */
const NAMED_TAGS = 5;

/**
 * An import that was not waited for to its end as an error that says how to look later; every other error as it is.
 * `timeout` in ms, as it was asked for.
 */
export function explainFailure(
  error: unknown,
  draft: Pick<ImportDraft, 'wish' | 'plan'>,
  timeout: number | undefined,
): unknown {
  if (!(error instanceof ApiError)) return error;
  if (error.code === 504) return unfinished(error, draft);
  if (!isTimeout(error)) return error;
  const waited =
    timeout === undefined
      ? 'the API did not answer in time'
      : `no answer within ${timeout / 1000} s (--request-timeout)`;
  return new CliError('connection', `${waited}: ${pendingTags(draft)}; ${advice(draft)}`, {
    cause: error,
  });
}

/** The API names what is pending; a proxy in front of it does not. */
function unfinished(error: ApiError, draft: Pick<ImportDraft, 'wish' | 'plan'>): ApiError {
  const pending = error.status.reason === 'Timeout' ? '' : `; ${pendingTags(draft)}`;
  const message = `${error.message}${pending}; ${advice(draft)}`;
  return new ApiError({ ...error.status, message }, error.code, { cause: error });
}

function pendingTags({ plan }: Pick<ImportDraft, 'plan'>): string {
  if (plan.kind === 'repository') return `pending may be every tag of ${plan.from}`;
  const tags = plan.images.map(({ tag }) => tag);
  const more = tags.length > NAMED_TAGS ? ` and ${tags.length - NAMED_TAGS} more` : '';
  return `pending may be ${tags.slice(0, NAMED_TAGS).join(', ')}${more}`;
}

function advice({ wish }: Pick<ImportDraft, 'wish'>): string {
  if (wish.dryRun) return 'a dry run leaves nothing to look at: try again';
  return `look later with \`tagtrail describe is ${wish.name}\``;
}

function isTimeout({ cause }: ApiError): boolean {
  return cause instanceof Error && cause.name === 'TimeoutError';
}
