import { parseFieldSelector, parseLabelSelector } from '@tagtrail/apimachinery';
import type { ImageStream } from '@tagtrail/image-stream';
import { describe, expect, it } from 'vitest';
import { aStream } from '../testing/a-stream.ts';
import { createChange, selectChange } from './change.ts';
import type { Selection } from './selection.ts';

const RED: Selection = { labels: labels('team=red') };
const red = aStream('web', { labels: { team: 'red' } });
const blue = aStream('web', { labels: { team: 'blue' } });

describe('selectChange', () => {
  it.each([
    ['a creation that matches', undefined, red, 'ADDED red'],
    ['a creation that does not', undefined, blue, undefined],
    ['a change that still matches', red, red, 'MODIFIED red'],
    ['a change that comes to match', blue, red, 'ADDED red'],
    ['a change that ceases to match', red, blue, 'DELETED red'],
    ['a change that never matched', blue, blue, undefined],
    ['a deletion that matched', red, undefined, 'DELETED red'],
    ['a deletion that did not', blue, undefined, undefined],
  ])('shows %s', (_, before, after, expected) => {
    const seen = selectChange(RED, change(before, after));
    const shown = seen && `${seen.type} ${seen.stream.metadata.labels?.['team']}`;
    expect(shown).toBe(expected);
  });

  it('stamps what is deleted with the version of the deletion', () => {
    const seen = selectChange({}, change(red, undefined));
    expect(seen?.stream.metadata.resourceVersion).toBe('42');
  });

  it('shares the frame made beforehand when the whole change is seen', () => {
    const whole = change(red, red);
    expect(selectChange(RED, whole)).toBe(whole.seen);
    expect(new TextDecoder().decode(whole.frame)).toBe(
      `${JSON.stringify({ type: 'MODIFIED', object: whole.after })}\n`,
    );
  });

  it('selects by namespace and by field', () => {
    const other: Selection = { namespace: 'other' };
    expect(selectChange(other, change(undefined, red))).toBeUndefined();
    const named: Selection = { namespace: 'shop', fields: fields('metadata.name=web') };
    expect(selectChange(named, change(undefined, red))?.type).toBe('ADDED');
  });
});

describe('createChange', () => {
  it('has nothing to say about an entry without a stream', () => {
    const key = { namespace: 'shop', name: 'web' };
    const event = { resourceVersion: '42', key, before: undefined, after: undefined };
    expect(createChange(event)).toBeUndefined();
  });
});

function change(before: ImageStream | undefined, after: ImageStream | undefined) {
  const key = { namespace: 'shop', name: 'web' };
  const created = createChange({ resourceVersion: '42', key, before, after });
  if (created === undefined) throw new Error('no change');
  return created;
}

function labels(text: string) {
  const parsed = parseLabelSelector(text);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.selector;
}

function fields(text: string) {
  const parsed = parseFieldSelector(text);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.selector;
}
