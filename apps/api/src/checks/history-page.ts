import { badRequest, gone } from '@tagtrail/apimachinery';
import type { ImageStreamStore, TagEvent, TagKey } from '@tagtrail/image-stream';
import { StatusError } from '../status-error.ts';

/** Events in a page that asks for no number. */
const DEFAULT_PAGE = 100;
/** Events in one page at most; the store's own limit for one read. */
const MAX_PAGE = 1_000;
/** Events that may have come since the page before; a tag that moved more often must be read anew. */
const MAX_SHIFT = 10_000;
/** Characters of a token. */
const TOKEN_LIMIT = 2_048;

export interface HistoryPage {
  readonly items: readonly TagEvent[];
  readonly continue?: string;
}

/** Where a page ended: counted from the newest event then, and the event itself, to find the place again. */
interface Position {
  readonly uid: string;
  readonly offset: number;
  readonly last: string;
}

export interface HistoryRequest {
  readonly key: TagKey;
  readonly limit?: number | undefined;
  readonly continue?: string | undefined;
}

/**
 * One page of a tag's whole history, newest first. A tag that moves between two pages shifts all positions; the next
 * page still begins right after the last event that was shown. Throws StatusError.
 */
export async function readHistoryPage(
  streams: Pick<ImageStreamStore, 'history'>,
  request: HistoryRequest,
): Promise<HistoryPage> {
  const { key } = request;
  const limit = Math.min(request.limit || DEFAULT_PAGE, MAX_PAGE);
  const offset =
    request.continue === undefined ? 0 : await findPlace(streams, key, request.continue);
  const items = await streams.history(key, { offset, limit });
  const last = items.at(-1);
  if (last === undefined || items.length < limit) return { items };
  const isEnd = (await streams.history(key, { offset: offset + limit, limit: 1 })).length === 0;
  if (isEnd) return { items };
  const position = { uid: key.uid, offset: offset + limit, last: identityOf(last) };
  return { items, continue: encodePosition(position) };
}

/** The offset of the first event after the one the last page ended with. */
async function findPlace(
  streams: Pick<ImageStreamStore, 'history'>,
  key: TagKey,
  token: string,
): Promise<number> {
  const position = decodePosition(token);
  const from = position.offset - 1;
  for (let offset = from; position.uid === key.uid && offset <= from + MAX_SHIFT; ) {
    const events = await streams.history(key, { offset, limit: MAX_PAGE });
    const found = events.findIndex((event) => identityOf(event) === position.last);
    if (found >= 0) return offset + found + 1;
    if (events.length < MAX_PAGE) break;
    offset += events.length;
  }
  throw new StatusError(gone('the history has changed too much since the last page; read it anew'));
}

function identityOf({ created, dockerImageReference, generation }: TagEvent): string {
  return `${created} ${generation} ${dockerImageReference}`;
}

function encodePosition(position: Position): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

function decodePosition(token: string): Position {
  try {
    const text = Buffer.from(token.slice(0, TOKEN_LIMIT), 'base64url').toString();
    const { uid, offset, last } = JSON.parse(text) as Partial<Position>;
    const isNumber = typeof offset === 'number' && Number.isSafeInteger(offset) && offset > 0;
    if (typeof uid === 'string' && typeof last === 'string' && isNumber)
      return { uid, offset, last };
  } catch {
    // Not a token of ours: refused below like any other.
  }
  throw new StatusError(badRequest('the continue token is not valid'));
}
