import {
  IMAGE_API_VERSION,
  type ImageStream,
  type NamedTagEventList,
} from '@tagtrail/image-stream';
import { describe, expect, it } from 'vitest';
import { tableLines } from '../terminal/table.ts';
import { streamColumns } from './stream-table.ts';

const now = Date.parse('2026-11-23T06:00:00Z');

function tag(name: string, minute?: number): NamedTagEventList {
  const condition = { type: 'ImportSuccess', status: 'False', reason: 'NotFound' } as const;
  const rest = { lastTransitionTime: '', message: '', generation: 1 };
  if (minute === undefined)
    return { tag: name, items: null, conditions: [{ ...condition, ...rest }] };
  const created = `2026-11-23T05:${String(minute).padStart(2, '0')}:00Z`;
  return {
    tag: name,
    items: [{ created, dockerImageReference: 'a/b@sha256:0', image: 'sha256:0', generation: 1 }],
  };
}

function stream(name: string, tags: readonly NamedTagEventList[]): ImageStream {
  return {
    kind: 'ImageStream',
    apiVersion: IMAGE_API_VERSION,
    metadata: { name, namespace: 'demo', creationTimestamp: '2026-11-22T06:00:00Z' },
    spec: { dockerImageRepository: name === 'web' ? 'docker.io/library/web' : '' },
    status: { dockerImageRepository: '', tags },
  };
}

const shown = { wide: false, withNamespace: false, now };

describe('streamColumns', () => {
  it('shows tags by their newest image, and when that was', () => {
    const streams = [
      stream('web', [tag('old', 10), tag('broken'), tag('new', 50), tag('also', 50)]),
      stream('api', []),
    ];
    expect(tableLines(streamColumns(shown), streams)).toEqual([
      'NAME   IMAGE REPOSITORY        TAGS                  UPDATED',
      'web    docker.io/library/web   also,new,old,broken   10 minutes ago',
      'api',
    ]);
  });

  it('shows everything when wide', () => {
    const lines = tableLines(streamColumns({ wide: true, withNamespace: true, now }), [
      stream('api', [tag('v1', 59), tag('v2')]),
    ]);
    expect(lines.map((line) => line.split(/ {2,}/u))).toEqual([
      ['NAMESPACE', 'NAME', 'IMAGE REPOSITORY', 'TAGS', 'UPDATED', 'FAILING', 'AGE'],
      ['demo', 'api', 'v1,v2', 'About a minute ago', 'v2', '24 hours ago'],
    ]);
  });

  it.each([
    // 13 + 13 = 26 of 40 are taken; the third begins at 26 and ends at 46.
    [['a'.repeat(12), 'b'.repeat(12), 'c'.repeat(19), 'd'], '%a,%b,%c + 1 more...'],
    // It ends at 51, more than a quarter beyond the budget.
    [['a'.repeat(12), 'b'.repeat(12), 'c'.repeat(24), 'd'], '%a,%b + 2 more...'],
    // It begins at 32, within the last quarter.
    [['a'.repeat(15), 'b'.repeat(15), 'c'.repeat(9), 'd'], '%a,%b + 2 more...'],
  ])('lets a tag overshoot a little: %j', (names, expected) => {
    const tags = names.map((name, index) => tag(name, 50 - index));
    const [, line = ''] = tableLines(streamColumns(shown), [stream('api', tags)]);
    const [a = '', b = '', c = ''] = names;
    const text = expected.replace('%a', a).replace('%b', b).replace('%c', c);
    expect(line.split(/ {2,}/u)).toContain(text);
  });

  it('counts the tags that do not fit', () => {
    const many = Array.from({ length: 20 }, (_, index) => tag(`tag-${index + 10}`, 1));
    const [, line] = tableLines(streamColumns(shown), [stream('api', many)]);
    expect(line).toContain('tag-10,tag-11,tag-12,tag-13,tag-14 + 15 more...');
    const long = tag('x'.repeat(60), 1);
    const [, other] = tableLines(streamColumns(shown), [stream('api', [long, tag('b', 0)])]);
    expect(other).toContain(`${'x'.repeat(60)} + 1 more...`);
  });
});
