import type { ImportOutcome } from '@tagtrail/image-stream';
import { failureFields, postponedFields, readFailure, readPostponed } from './failure-fields.ts';
import { IMPORT_RESULT_VERSION, type ImportResult } from './import-result.ts';
import {
  FROM_LIMIT,
  readDueReason,
  readRegistry,
  readTagKey,
  tagKeyFields,
} from './payload-fields.ts';
import { type Decoded, PayloadReader } from './payload-reader.ts';
import { readRecords, readRequest, recordsFields, requestFields } from './request-fields.ts';

/** UTF-16 units of an encoded result: every field at its limit and escaped, rounded up. Longer is refused. */
export const IMPORT_RESULT_LIMIT = 64 * 1_024;

/** `from` and a digest behind it. */
export const PULL_SPEC_LIMIT = FROM_LIMIT + 136;

const OUTCOME_KINDS: Readonly<Record<ImportOutcome['kind'], true>> = {
  imported: true,
  unchanged: true,
  failed: true,
  postponed: true,
};

/** JSON of the result's own fields. A message beyond its limit is cut: no result is lost to a talkative registry. */
export function encodeImportResult(result: ImportResult): string {
  return JSON.stringify({
    version: result.version,
    fence: result.fence,
    key: tagKeyFields(result.key),
    generation: result.generation,
    requestCount: result.requestCount,
    reason: result.reason,
    dueAt: result.dueAt,
    startedAt: result.startedAt,
    finishedAt: result.finishedAt,
    registry: result.registry,
    from: result.from,
    outcome: outcomeFields(result.outcome),
    ...requestFields(result),
    ...recordsFields(result),
  } satisfies ImportResult);
}

/** Reads back what `encodeImportResult` made, once it is parsed. */
export function readImportResult(value: unknown): Decoded<'result', ImportResult> {
  const payload = new PayloadReader(value);
  payload.version(IMPORT_RESULT_VERSION);
  const result: ImportResult = {
    version: IMPORT_RESULT_VERSION,
    fence: payload.count('fence', 1),
    key: readTagKey(payload.part('key')),
    generation: payload.count('generation'),
    requestCount: payload.count('requestCount'),
    reason: readDueReason(payload),
    dueAt: payload.count('dueAt'),
    startedAt: payload.count('startedAt'),
    finishedAt: payload.count('finishedAt'),
    registry: readRegistry(payload),
    from: payload.text('from', FROM_LIMIT),
    outcome: readOutcome(payload.part('outcome')),
    ...readRequest(payload),
    ...readRecords(payload),
  };
  return payload.problem === undefined
    ? { ok: true, result }
    : { ok: false, message: `not an import result: ${payload.problem}` };
}

function outcomeFields(outcome: ImportOutcome): ImportOutcome {
  switch (outcome.kind) {
    case 'imported': {
      const { kind, upstreamDigest, image, dockerImageReference } = outcome;
      return { kind, upstreamDigest, image, dockerImageReference };
    }
    case 'unchanged': {
      const { kind, upstreamDigest, image } = outcome;
      return { kind, upstreamDigest, image };
    }
    case 'failed':
      return failureFields(outcome);
    case 'postponed':
      return postponedFields(outcome);
  }
}

function readOutcome(outcome: PayloadReader): ImportOutcome {
  const kind = outcome.oneOf('kind', OUTCOME_KINDS, 'failed');
  switch (kind) {
    case 'imported':
      return {
        kind,
        ...readDigests(outcome),
        dockerImageReference: outcome.text('dockerImageReference', PULL_SPEC_LIMIT),
      };
    case 'unchanged':
      return { kind, ...readDigests(outcome) };
    case 'failed':
      return readFailure(outcome);
    case 'postponed':
      return readPostponed(outcome);
  }
}

function readDigests(outcome: PayloadReader): { upstreamDigest: string; image: string } {
  return { upstreamDigest: outcome.digest('upstreamDigest'), image: outcome.digest('image') };
}
