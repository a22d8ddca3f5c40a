import { describe, expect, it } from 'vitest';
import { failureCondition } from './failure-condition.ts';
import type { NamedTagEventList } from './image-stream.ts';
import type { ImportOutcome } from './import-outcome.ts';
import { aTag } from './testing/a-stream.ts';

const failed = (message: string, reason = 'TooManyRequests') =>
  ({ kind: 'failed', reason, message, retryable: true }) as ImportOutcome & { kind: 'failed' };

function listAfter(message: string, generation = 2): NamedTagEventList {
  const tag = aTag({ generation });
  const condition = failureCondition(undefined, { tag, outcome: failed(message) }, written(2));
  return { tag: 'latest', items: null, conditions: condition ? [condition] : [] };
}
const written = (generation: number) => ({ generation, timestamp: '2026-01-01T10:00:00Z' });
const again = (list: NamedTagEventList, message: string, tag = aTag({ generation: 2 })) =>
  failureCondition(list, { tag, outcome: failed(message) }, written(3));

describe('failureCondition', () => {
  it('writes nothing for a failure that repeats', () => {
    expect(again(listAfter('quay.io/a: too many requests'), 'quay.io/a: too many requests')).toBe(
      undefined,
    );
  });

  it('does not take another count, wait or request id for another failure', () => {
    const list = listAfter('too many requests (the server says: retry-after: 880.092µs, id 7f3a)');
    const next = 'too many requests (the server says: retry-after: 1.2ms, id 91cc)';
    expect(again(list, next)).toBeUndefined();
  });

  it('tells other words, and another reason, from a repetition', () => {
    const list = listAfter('too many requests');
    expect(again(list, 'far too many requests')).toMatchObject({ generation: 3 });
    const outcome = failed('too many requests', 'Forbidden');
    const other = failureCondition(list, { tag: aTag({ generation: 2 }), outcome }, written(3));
    expect(other).toMatchObject({ reason: 'Forbidden' });
  });

  it('compares exactly once the tag was edited: its name has digits, too', () => {
    const list = listAfter('quay.io/acme/app:1: not found');
    const edited = aTag({ generation: 3 });
    expect(again(list, 'quay.io/acme/app:2: not found', edited)).toMatchObject({
      message: 'quay.io/acme/app:2: not found',
    });
  });
});
