import {
  type DeliveredListing,
  type DeliveredResult,
  decodeLoggedResult,
  encodeLoggedResult,
  IMPORT_RESULT_VERSION,
  type LoggedResult,
  type ReplyAddress,
  type RequestSlot,
  type ResultBatch,
  type UndecodableEntry,
} from '@tagtrail/import-contract';
import { repliesKey, requestKey } from './import-request-keys.ts';
import { parseFields, type RawEntry } from './parse-replies.ts';

/** Proof of delivery of a log entry. */
export type Receipt = DeliveredResult['receipt'];

/** Where entries come from. */
export interface EntrySource extends Pick<Receipt, 'log' | 'group'> {
  /** Record slot of the log: answers go to the same. */
  readonly slot: string;
}

/** What a log entry holds, as append.lua takes it: the fence as its event id, the version, the result. */
export function entryValues(result: LoggedResult): readonly string[] {
  return [String(result.fence), String(IMPORT_RESULT_VERSION), encodeLoggedResult(result)];
}

/** Sorts entries into results, listings and those that cannot be read. */
export function decodeEntries(entries: readonly RawEntry[], source: EntrySource): ResultBatch {
  const results: DeliveredResult[] = [];
  const listings: DeliveredListing[] = [];
  const undecodable: UndecodableEntry[] = [];
  for (const { entry, fields, deliveries } of entries) {
    const receipt: Receipt = { log: source.log, group: source.group, entry };
    const values = fields === null ? undefined : parseFields(fields);
    const decoded = decodeValues(values);
    if (!decoded.ok) {
      undecodable.push({ receipt, problem: decoded.message });
    } else if ('listing' in decoded) {
      const result = decoded.listing;
      listings.push({ result, receipt, deliveries, ...addressOf(source.slot, result.request) });
    } else {
      const { result } = decoded;
      const endFence = endFenceOf(values, result.fence);
      const address = addressOf(source.slot, result.request);
      results.push({ result, receipt, deliveries, endFence, ...address });
    }
  }
  return { results, listings, undecodable };
}

type EntryValues = ReturnType<typeof parseFields> | undefined;

/** Entries of an older writer say nothing of it: then the look counts as if it had taken no time. */
function endFenceOf(values: EntryValues, fence: number): number {
  const newest = Number(values?.get('until') ?? 0);
  return Number.isSafeInteger(newest) ? Math.max(fence, newest) : fence;
}

function addressOf(
  slot: string,
  request: RequestSlot | undefined,
): { readonly replyAddress?: ReplyAddress } {
  if (request === undefined) return {};
  const { id, replyTo, slot: number } = request;
  const keys = { request: requestKey(slot, id), replies: repliesKey(slot, replyTo) };
  return { replyAddress: { ...keys, id, slot: number } };
}

function decodeValues(values: EntryValues): ReturnType<typeof decodeLoggedResult> {
  if (values === undefined) {
    return { ok: false, message: 'the entry was trimmed from the log before it was acknowledged' };
  }
  const payload = values.get('payload');
  return typeof payload === 'string'
    ? decodeLoggedResult(payload)
    : { ok: false, message: 'the entry has no payload' };
}
