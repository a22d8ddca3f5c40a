import { badRequest, serviceUnavailable, timeout } from '@tagtrail/apimachinery';
import { formatDuration } from '@tagtrail/config';
import type { ImageStreamImportSpec } from '@tagtrail/image-stream';
import type { ImportQueue, ImportRequests, OpenRequest } from '@tagtrail/import-contract';
import { StatusError } from '../status-error.ts';
import { unlessAborted } from '../unless-aborted.ts';
import type { Admission } from './admit-import.ts';
import { ImportRun, type LookedImport } from './import-run.ts';
import type { ImportEnd } from './open-imports.ts';
import { RequestSlots } from './request-slots.ts';

/** Tags that a message names; the rest is counted. */
const TAGS_NAMED = 20;
/** Seconds after which a client that was sent away by a stop may come again. */
const STOP_RETRY_SECONDS = 2;

export interface CollectParts {
  readonly requests: ImportRequests;
  readonly queue: Pick<ImportQueue, 'enqueue' | 'withdraw'>;
  /** ms that a request is waited for. */
  readonly wait: number;
  /** ms since the epoch. */
  readonly now: () => number;
  readonly createUid: () => string;
}

export interface CollectRequest {
  readonly admission: Admission;
  readonly spec: ImageStreamImportSpec;
  readonly records: boolean;
  /** Its reason is an ImportEnd. */
  readonly signal: AbortSignal;
}

/**
 * Asks the workers for all images of a request and waits for what became of them. Nothing of the request is left
 * behind, however it ends; jobs that are on their way go on, but those of a client that left are taken back if no worker
 * has taken them. Throws StatusError: Conflict, Timeout, ServiceUnavailable.
 */
export async function collectAnswers(
  parts: CollectParts,
  { admission, spec, records, signal }: CollectRequest,
): Promise<LookedImport> {
  const { requests, queue, wait, now, createUid } = parts;
  const request = await requests.open({ id: createUid(), lifetime: wait });
  try {
    const { replyTo } = requests;
    const slots = new RequestSlots({ request, replyTo, stream: admission.key.name });
    const run = new ImportRun({ admission, spec, records, slots, queue, now });
    const looked = await unlessAborted(run.run(signal), signal);
    if (looked !== undefined) return looked;
    if (signal.reason === ('left' satisfies ImportEnd)) await run.withdraw();
    throw endOf(signal, { wait, pending: slots.pending });
  } finally {
    await forget(request);
  }
}

function endOf(
  signal: AbortSignal,
  { wait, pending }: { readonly wait: number; readonly pending: readonly string[] },
): StatusError {
  const end = signal.reason as ImportEnd;
  switch (end) {
    case 'late': {
      const message = `not imported within ${formatDuration(wait)}: ${nameSome(pending)}; the import goes on`;
      return new StatusError(timeout(message));
    }
    case 'left':
      return new StatusError({ ...badRequest('the client closed the request'), code: 499 });
    case 'stopped': {
      const message = 'this server is stopping; the import goes on';
      return new StatusError(serviceUnavailable(message, STOP_RETRY_SECONDS));
    }
    default:
      return end satisfies never;
  }
}

function nameSome(names: readonly string[]): string {
  const shown = names.slice(0, TAGS_NAMED).join(', ');
  return names.length > TAGS_NAMED ? `${shown} and ${names.length - TAGS_NAMED} more` : shown;
}

async function forget(request: OpenRequest): Promise<void> {
  try {
    await request[Symbol.asyncDispose]();
  } catch {
    // Out of reach now: it ends with its lifetime. What there is to answer does not depend on it.
  }
}
