import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeSlotAnswer, encodeSlotAnswer, SLOT_ANSWER_LIMIT } from './encode-slot-answer.ts';
import type { SlotAnswer } from './import-request.ts';
import { LISTED_TAGS_LIMIT } from './listed-tags.ts';
import { digest, failureReason, tagName, word } from './testing/arbitraries.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;

const answers: fc.Arbitrary<SlotAnswer> = fc.oneof(
  fc.record({
    kind: fc.constant('imported' as const),
    image: digest,
    dockerImageReference: word(4_096),
  }),
  fc.record({
    kind: fc.constant('failed' as const),
    reason: failureReason,
    message: word(1_024, 0),
  }),
  fc.record({ kind: fc.constant('conflict' as const), message: word(1_024, 0) }),
  fc.record({ kind: fc.constant('listed' as const), tags: fc.array(tagName) }),
);

describe('encodeSlotAnswer and decodeSlotAnswer', () => {
  it('read back every answer that was written', () => {
    fc.assert(
      fc.property(answers, (answer) => {
        expect(decodeSlotAnswer(encodeSlotAnswer(answer))).toEqual({ ok: true, answer });
      }),
    );
  });

  it('take as many tags as a listing may have', () => {
    const tags = Array.from({ length: LISTED_TAGS_LIMIT }, (_, at) => `${at}`.padStart(128, 'v'));
    const answer = { kind: 'listed', tags } as const;
    expect(decodeSlotAnswer(encodeSlotAnswer(answer))).toEqual({ ok: true, answer });
  });

  it('say that there were too many rather than some of them', () => {
    const tags = Array<string>(LISTED_TAGS_LIMIT + 1).fill('v1');
    expect(decodeSlotAnswer(encodeSlotAnswer({ kind: 'listed', tags }))).toMatchObject({
      answer: { kind: 'failed', message: expect.stringContaining('has 50001 tags') },
    });
  });

  it('cut messages that say too much', () => {
    const message = 'x'.repeat(9_999);
    const failed = encodeSlotAnswer({ kind: 'failed', reason: 'Timeout', message });
    expect(decodeSlotAnswer(failed)).toMatchObject({ answer: { message: 'x'.repeat(1_024) } });
    const conflict = encodeSlotAnswer({ kind: 'conflict', message });
    expect(decodeSlotAnswer(conflict)).toMatchObject({ answer: { message: 'x'.repeat(1_024) } });
  });

  it('leave out what is not part of an answer', () => {
    const answer = { kind: 'conflict', message: '', password: 'hunter2' } as const;
    expect(encodeSlotAnswer(answer)).not.toContain('hunter2');
  });

  it('never throw, whatever the stream holds', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(decodeSlotAnswer(text).ok).toBe(false);
      }),
    );
  });

  it.each<[string, string, string]>([
    ['what is not JSON', 'hunter2', 'not an answer: not JSON'],
    ['what is too long', ' '.repeat(SLOT_ANSWER_LIMIT + 1), 'longer than'],
    ['an unknown kind', JSON.stringify({ kind: 'maybe' }), 'kind must be one of imported'],
    [
      'an image that is no digest',
      JSON.stringify({ kind: 'imported', image: 'latest', dockerImageReference: 'x' }),
      'image must be a digest',
    ],
    [
      'an image without a pull spec',
      JSON.stringify({ kind: 'imported', image: DIGEST }),
      'dockerImageReference must be a text',
    ],
    [
      'a failure without a known reason',
      JSON.stringify({ kind: 'failed', reason: 'Gremlins', message: '' }),
      'reason must be one of',
    ],
    ['a list that is none', JSON.stringify({ kind: 'listed', tags: 'v1' }), 'tags must be a list'],
  ])('refuse %s', (_, text, message) => {
    const decoded = decodeSlotAnswer(text);
    expect(decoded).toEqual({ ok: false, message: expect.stringContaining(message) });
    expect(JSON.stringify(decoded)).not.toContain('hunter2');
  });
});
