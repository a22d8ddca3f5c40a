import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prioritizeTags } from './tag-priority.ts';

describe('G7 tag priority', () => {
  it.each([
    {
      tags: ['other', 'latest', 'v5.5', '5.2.3', '5.5', 'v5.3.6-bother', '5.3.6-abba', '5.6'],
      sorted: ['latest', '5.6', '5.5', 'v5.5', 'v5.3.6-bother', '5.3.6-abba', '5.2.3', 'other'],
    },
    {
      tags: [
        '1.1-beta1',
        '1.2-rc1',
        '1.1-rc1',
        '1.1-beta2',
        '1.2-beta1',
        '1.2-alpha1',
        '1.2-beta4',
        'latest',
      ],
      sorted: [
        'latest',
        '1.2-rc1',
        '1.2-beta4',
        '1.2-beta1',
        '1.2-alpha1',
        '1.1-rc1',
        '1.1-beta2',
        '1.1-beta1',
      ],
    },
    { tags: ['7.1.0', 'v7.1', '7.1'], sorted: ['7.1', 'v7.1', '7.1.0'] },
    {
      tags: ['v1', 'other', 'v2', '3', '3.1', 'abc'],
      sorted: ['3.1', '3', 'abc', 'other', 'v1', 'v2'],
    },
  ])('sorts $tags', ({ tags, sorted }) => expect(prioritizeTags(tags)).toEqual(sorted));

  it('puts a release before its pre-releases and counts numbers as numbers', () => {
    expect(prioritizeTags(['1.2.0-rc.2', '1.2.0', '1.2.0-rc.10', '1.10.0', '1.9.9'])).toEqual([
      '1.10.0',
      '1.9.9',
      '1.2.0',
      '1.2.0-rc.10',
      '1.2.0-rc.2',
    ]);
  });

  it('gives the same order whatever order the registry lists in', () => {
    const tag = fc.stringMatching(/^v?\d{1,2}(\.\d{1,2}){0,2}(-[a-c]\d?)?$/);
    fc.assert(
      fc.property(fc.uniqueArray(tag), fc.infiniteStream(fc.nat()), (tags, keys) => {
        const shuffled = tags
          .map((one) => ({ one, key: keys.next().value }))
          .sort((a, b) => a.key - b.key)
          .map(({ one }) => one);
        expect(prioritizeTags(shuffled)).toEqual(prioritizeTags(tags));
      }),
    );
  });
});
