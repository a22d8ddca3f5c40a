import {
  encodeImportResult,
  IMPORT_RESULT_LIMIT,
  readImportResult,
} from './encode-import-result.ts';
import { encodeListingResult, readListingResult } from './encode-listing-result.ts';
import type { ImportResult } from './import-result.ts';
import { LISTED_TAGS_LENGTH } from './listed-tags.ts';
import { payloadKind } from './payload-kind.ts';
import type { RepositoryListingResult } from './repository-listing.ts';

/** UTF-16 units of an encoded listing: as many names as there may be, and what else a result has. */
export const LISTING_RESULT_LIMIT = LISTED_TAGS_LENGTH + IMPORT_RESULT_LIMIT;

/** What the result log carries. */
export type LoggedResult = ImportResult | RepositoryListingResult;

/** A result of either kind, or why the text is none; the message names fields and never repeats their values. */
export type DecodedLoggedResult =
  | { readonly ok: true; readonly result: ImportResult }
  | { readonly ok: true; readonly listing: RepositoryListingResult }
  | { readonly ok: false; readonly message: string };

/** JSON of the result's own fields; always something that `decodeLoggedResult` reads. */
export function encodeLoggedResult(result: LoggedResult): string {
  return 'kind' in result ? encodeListingResult(result) : encodeImportResult(result);
}

/** Reads back what `encodeLoggedResult` made, from a stream that anyone with access to Redis may have written to. */
export function decodeLoggedResult(text: string): DecodedLoggedResult {
  if (text.length > LISTING_RESULT_LIMIT) {
    return refuse(`longer than ${LISTING_RESULT_LIMIT} characters`);
  }
  try {
    return readLoggedResult(JSON.parse(text), text.length);
  } catch {
    // The SyntaxError quotes the text, which must not reach a log.
    return refuse('not JSON');
  }
}

function readLoggedResult(value: unknown, length: number): DecodedLoggedResult {
  switch (payloadKind(value)) {
    case 'import':
      return length > IMPORT_RESULT_LIMIT
        ? refuse(`longer than ${IMPORT_RESULT_LIMIT} characters`)
        : readImportResult(value);
    case 'listing':
      return readListingResult(value);
    case 'unknown':
      return refuse('its kind is unknown');
  }
}

function refuse(problem: string): DecodedLoggedResult {
  return { ok: false, message: `not a result: ${problem}` };
}
