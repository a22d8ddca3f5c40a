import type { FailureReason, ImportOutcome } from '@tagtrail/image-stream';
import { IMPORT_RESULT_VERSION, type ImportResult } from './import-result.ts';
import { FROM_LIMIT, readDueReason, readTagKey, tagKeyFields } from './payload-fields.ts';
import { type Decoded, PayloadReader } from './payload-reader.ts';

/** UTF-16 units of an encoded result: every field at its limit and escaped, rounded up. Longer is refused unread. */
export const IMPORT_RESULT_LIMIT = 64 * 1_024;

/** UTF-16 units of a failure's message, as ImportOutcome promises. */
const MESSAGE_LIMIT = 1_024;

/** A DNS name (253), a colon and a port. */
const REGISTRY_LIMIT = 259;

/** `from` and a digest behind it. */
const PULL_SPEC_LIMIT = FROM_LIMIT + 136;

const FAILURE_REASONS: Readonly<Record<FailureReason, true>> = {
  NotFound: true,
  Unauthorized: true,
  Forbidden: true,
  TooManyRequests: true,
  Timeout: true,
  TLSError: true,
  ConnectionFailed: true,
  InvalidManifest: true,
  UnsupportedManifest: true,
  InvalidReference: true,
  RegistryError: true,
};

const OUTCOME_KINDS: Readonly<Record<ImportOutcome['kind'], true>> = {
  imported: true,
  unchanged: true,
  failed: true,
};

/** A result, or why the text is none; the message names fields and never repeats their values. */
export type DecodedImportResult = Decoded<'result', ImportResult>;

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
  } satisfies ImportResult);
}

/** Reads back what `encodeImportResult` made, from a stream that anyone with access to Redis may have written to. */
export function decodeImportResult(text: string): DecodedImportResult {
  if (text.length > IMPORT_RESULT_LIMIT) {
    return refuse(`longer than ${IMPORT_RESULT_LIMIT} characters`);
  }
  try {
    return readImportResult(JSON.parse(text));
  } catch {
    // The SyntaxError quotes the text, which must not reach a log.
    return refuse('not JSON');
  }
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
    case 'failed': {
      const { kind, reason, message, retryable, retryAfter } = outcome;
      const failure = { kind, reason, message: message.slice(0, MESSAGE_LIMIT), retryable };
      return retryAfter === undefined ? failure : { ...failure, retryAfter };
    }
  }
}

function readImportResult(value: unknown): DecodedImportResult {
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
    registry: payload.text('registry', REGISTRY_LIMIT, 'empty'),
    from: payload.text('from', FROM_LIMIT),
    outcome: readOutcome(payload.part('outcome')),
  };
  return payload.problem === undefined ? { ok: true, result } : refuse(payload.problem);
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
      return {
        kind,
        reason: outcome.oneOf('reason', FAILURE_REASONS, 'RegistryError'),
        message: outcome.text('message', MESSAGE_LIMIT, 'empty'),
        retryable: outcome.flag('retryable'),
        ...(outcome.has('retryAfter') ? { retryAfter: outcome.count('retryAfter') } : {}),
      };
  }
}

function readDigests(outcome: PayloadReader): { upstreamDigest: string; image: string } {
  return { upstreamDigest: outcome.digest('upstreamDigest'), image: outcome.digest('image') };
}

function refuse(problem: string): DecodedImportResult {
  return { ok: false, message: `not an import result: ${problem}` };
}
