import {
  type ImageStream,
  type ImportOutcome,
  type Postponed,
  statusTag,
  type Verdict,
} from '@tagtrail/image-stream';
import type { DeliveredResult, SlotAnswer } from '@tagtrail/import-contract';

/** What whoever waits for a requested import is told: what is committed, not what one look happened to see. */
export function answerSlot(
  { result }: DeliveredResult,
  verdict: Verdict,
  after: ImageStream | undefined,
): SlotAnswer {
  switch (verdict) {
    case 'recorded':
    case 'superseded':
      return committedAnswer(result, after);
    case 'postponed':
      return outcomeAnswer(result.outcome);
    case 'stale':
      return conflict(`the tag "${result.key.tag}" was changed while it was imported`);
    case 'gone':
      return conflict(`the image stream "${result.key.name}" was changed while it was imported to`);
    case 'undocumented':
      return {
        kind: 'failed',
        reason: 'RegistryError',
        message: `${result.from}: what was learned of the image was lost before it was recorded; import it again`,
      };
  }
}

/** A mere look: nothing is recorded, so its own outcome is the answer. */
export function answerLook({ result }: DeliveredResult): SlotAnswer {
  return outcomeAnswer(result.outcome);
}

function outcomeAnswer(outcome: ImportOutcome): SlotAnswer {
  if (outcome.kind === 'failed' || outcome.kind === 'postponed') return failedAnswer(outcome);
  const { kind, image } = outcome;
  return {
    kind: 'imported',
    image,
    dockerImageReference: kind === 'imported' ? outcome.dockerImageReference : '',
  };
}

/** Whoever waits is told of a cool-down as if the registry had said it once more. */
export function failedAnswer(
  outcome: Postponed | (ImportOutcome & { kind: 'failed' }),
): SlotAnswer {
  const reason = outcome.kind === 'failed' ? outcome.reason : 'TooManyRequests';
  return { kind: 'failed', reason, message: outcome.message };
}

function committedAnswer(
  result: DeliveredResult['result'],
  after: ImageStream | undefined,
): SlotAnswer {
  const { outcome, key } = result;
  const list = after && statusTag(after, key.tag);
  const failure = list?.conditions?.find(({ status }) => status === 'False');
  if (outcome.kind === 'failed' && failure !== undefined) {
    return { kind: 'failed', reason: outcome.reason, message: failure.message };
  }
  const head = list?.items?.[0];
  if (head === undefined) return conflict(`the tag "${key.tag}" was changed while it was imported`);
  const { image, dockerImageReference } = head;
  return { kind: 'imported', image, dockerImageReference };
}

function conflict(message: string): SlotAnswer {
  return { kind: 'conflict', message: `${message}; look at it and import again` };
}
