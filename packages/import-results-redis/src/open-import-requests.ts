import { randomUUID } from 'node:crypto';
import type { ImportRequests } from '@tagtrail/import-contract';
import { DEFAULT_SLOT } from '@tagtrail/redis-connection';
import { StreamImportRequests } from './stream-import-requests.ts';

export interface ImportRequestsOptions {
  readonly url: string;
  /** Record slot whose commits fill the slots. */
  readonly slot?: string;
}

/**
 * Opens the waiting side of requested imports, under a name of its own; resolves once Redis was reached. Throws
 * RedisConnectionError `invalid-url`, and ResultLogError as every method does: `unavailable` is worth another try.
 */
export async function openImportRequests(options: ImportRequestsOptions): Promise<ImportRequests> {
  const requests = new StreamImportRequests({
    url: options.url,
    slot: options.slot ?? DEFAULT_SLOT,
    replyTo: randomUUID(),
  });
  try {
    await requests.reach();
    return requests;
  } catch (error) {
    await requests[Symbol.asyncDispose]();
    throw error;
  }
}
