import { describe, expect, it } from 'vitest';
import { joinTags } from './join-tags.ts';

describe('joinTags', () => {
  it('is empty without tags', () => {
    expect(joinTags([])).toBe('');
  });

  it('shows everything that fits forty characters', () => {
    expect(joinTags(['latest', '1.27', '1.26', '1.25'])).toBe('latest,1.27,1.26,1.25');
  });

  it('always shows one tag, however long', () => {
    const long = 'x'.repeat(128);
    expect(joinTags([long])).toBe(long);
    expect(joinTags([long, 'latest'])).toBe(`${long} + 1 more...`);
  });

  it('cuts the list at the budget and counts the rest', () => {
    const tags = Array.from({ length: 20 }, (_, index) => `tag-${index + 10}`);
    expect(joinTags(tags)).toBe('tag-10,tag-11,tag-12,tag-13,tag-14 + 15 more...');
  });

  it('lets one tag overshoot a little when it starts well inside the budget', () => {
    const first = 'a'.repeat(19);
    expect(joinTags([first, 'b'.repeat(24), 'c'])).toBe(`${first},${'b'.repeat(24)} + 1 more...`);
    expect(joinTags([first, 'b'.repeat(30), 'c'])).toBe(`${first} + 2 more...`);
  });
});
