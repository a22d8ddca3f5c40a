import { IMPORT_RESULT_LIMIT, PULL_SPEC_LIMIT } from './encode-import-result.ts';
import { cutMessage, readMessage, readReason } from './failure-fields.ts';
import type { SlotAnswer } from './import-request.ts';
import { LISTED_TAGS_LENGTH, listProblem, readListedTags } from './listed-tags.ts';
import { type Decoded, PayloadReader } from './payload-reader.ts';

/** UTF-16 units of an encoded answer; the longest names as many tags as a listing may. */
export const SLOT_ANSWER_LIMIT = LISTED_TAGS_LENGTH + IMPORT_RESULT_LIMIT;

const ANSWER_KINDS: Readonly<Record<SlotAnswer['kind'], true>> = {
  imported: true,
  failed: true,
  conflict: true,
  listed: true,
};

/** An answer, or why the text is none; the message names fields and never repeats their values. */
export type DecodedSlotAnswer = Decoded<'answer', SlotAnswer>;

/** JSON of the answer's own fields; always something that `decodeSlotAnswer` reads. Messages are cut like a result's. */
export function encodeSlotAnswer(answer: SlotAnswer): string {
  return JSON.stringify(answerFields(answer));
}

/** Reads back what `encodeSlotAnswer` made, from a stream that anyone with access to Redis may have written to. */
export function decodeSlotAnswer(text: string): DecodedSlotAnswer {
  if (text.length > SLOT_ANSWER_LIMIT) {
    return refuse(`longer than ${SLOT_ANSWER_LIMIT} characters`);
  }
  try {
    return readAnswer(JSON.parse(text));
  } catch {
    // The SyntaxError quotes the text, which must not reach a log.
    return refuse('not JSON');
  }
}

function answerFields(answer: SlotAnswer): SlotAnswer {
  switch (answer.kind) {
    case 'imported': {
      const { kind, image, dockerImageReference } = answer;
      return { kind, image, dockerImageReference };
    }
    case 'failed':
      return { kind: answer.kind, reason: answer.reason, message: cutMessage(answer.message) };
    case 'conflict':
      return { kind: answer.kind, message: cutMessage(answer.message) };
    case 'listed': {
      const { kind, tags } = answer;
      const message = listProblem(tags);
      return message === undefined
        ? { kind, tags }
        : { kind: 'failed', reason: 'RegistryError', message };
    }
  }
}

function readAnswer(value: unknown): DecodedSlotAnswer {
  const payload = new PayloadReader(value);
  const answer = readFields(payload);
  return payload.problem === undefined ? { ok: true, answer } : refuse(payload.problem);
}

function readFields(payload: PayloadReader): SlotAnswer {
  const kind = payload.oneOf('kind', ANSWER_KINDS, 'conflict');
  switch (kind) {
    case 'imported':
      return {
        kind,
        image: payload.digest('image'),
        dockerImageReference: payload.text('dockerImageReference', PULL_SPEC_LIMIT),
      };
    case 'failed':
      return { kind, ...readReason(payload) };
    case 'conflict':
      return { kind, message: readMessage(payload) };
    case 'listed':
      return { kind, tags: readListedTags(payload) };
  }
}

function refuse(problem: string): DecodedSlotAnswer {
  return { ok: false, message: `not an answer: ${problem}` };
}
