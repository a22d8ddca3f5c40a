import {
  type DeliveredResult,
  decodeImportResult,
  encodeImportResult,
  IMPORT_RESULT_VERSION,
  type ImportResult,
  type ResultBatch,
  type UndecodableEntry,
} from '@tagtrail/import-contract';
import { parseFields, type RawEntry } from './parse-replies.ts';

/** Proof of delivery of a log entry. */
export type Receipt = DeliveredResult['receipt'];

/** Field names and values of a log entry: the fence as its event id, the version, the result. */
export function entryFields(result: ImportResult): readonly string[] {
  return [
    'id',
    String(result.fence),
    'v',
    String(IMPORT_RESULT_VERSION),
    'payload',
    encodeImportResult(result),
  ];
}

/** Sorts entries into results and those that cannot be read. */
export function decodeEntries(
  entries: readonly RawEntry[],
  source: Pick<Receipt, 'log' | 'group'>,
): ResultBatch {
  const results: DeliveredResult[] = [];
  const undecodable: UndecodableEntry[] = [];
  for (const { entry, fields, deliveries } of entries) {
    const receipt: Receipt = { log: source.log, group: source.group, entry };
    const decoded = decodeFields(fields);
    if (decoded.ok) {
      results.push({ result: decoded.result, receipt, deliveries });
    } else {
      undecodable.push({ receipt, problem: decoded.message });
    }
  }
  return { results, undecodable };
}

function decodeFields(fields: RawEntry['fields']): ReturnType<typeof decodeImportResult> {
  if (fields === null) {
    return { ok: false, message: 'the entry was trimmed from the log before it was acknowledged' };
  }
  const payload = parseFields(fields).get('payload');
  return typeof payload === 'string'
    ? decodeImportResult(payload)
    : { ok: false, message: 'the entry has no payload' };
}
