import { ApiError } from '@tagtrail/api-client';
import { CliError } from '../cli-error.ts';
import type { ImportDraft } from './import-request.ts';
import { namedTags } from './named-tags.ts';

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
  return new CliError('connection', `${waitedInVain(timeout)}: ${unfinishedImport(draft)}`, {
    cause: error,
  });
}

/** The same for the look at the stream that comes before the import. `timeout` in ms. */
export function explainReadFailure(error: unknown, timeout: number | undefined): unknown {
  if (!(error instanceof ApiError && isTimeout(error))) return error;
  const message = `${waitedInVain(timeout)} while the image stream was read: no import was sent`;
  return new CliError('connection', message, { cause: error });
}

/** What may come of an import that is not waited for any longer, and how to look. */
export function unfinishedImport(draft: Pick<ImportDraft, 'wish' | 'plan'>): string {
  return draft.wish.dryRun ? advice(draft) : `${pendingTags(draft)}; ${advice(draft)}`;
}

function waitedInVain(timeout: number | undefined): string {
  if (timeout === undefined) return 'the API did not answer in time';
  return `no answer within ${timeout / 1000} s (--request-timeout)`;
}

/** The API names what is pending; a proxy in front of it does not. */
function unfinished(error: ApiError, draft: Pick<ImportDraft, 'wish' | 'plan'>): ApiError {
  const isToldByApi = error.status.reason === 'Timeout';
  const message = `${error.message}; ${isToldByApi ? advice(draft) : unfinishedImport(draft)}`;
  return new ApiError({ ...error.status, message }, error.code, { cause: error });
}

function pendingTags({ plan }: Pick<ImportDraft, 'plan'>): string {
  if (plan.kind === 'repository') return `tags of ${plan.from} may still be imported`;
  return `${namedTags(plan.images.map(({ tag }) => tag))} may still be imported`;
}

function advice({ wish }: Pick<ImportDraft, 'wish'>): string {
  if (wish.dryRun) return 'a dry run leaves nothing to look at: try again';
  return `look later with \`tagtrail describe is ${wish.name}\``;
}

function isTimeout({ cause }: ApiError): boolean {
  return cause instanceof Error && cause.name === 'TimeoutError';
}
