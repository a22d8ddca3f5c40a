import { describe, expect, it } from 'vitest';
import { isNamedBy } from './entity-tag.ts';
import { tagPage } from './tag-page.ts';

const names = ['1.0', '1.1', 'Latest', 'a/b&c', 'latest'];
const page = (query: string) =>
  tagPage(names, '/v2/demo/app/tags/list', new URLSearchParams(query));

describe('a page of tags', () => {
  it('holds all of them when nothing else is asked for', () => {
    expect(page('')).toEqual({ names });
  });

  it('ends where the client says, and names the next one', () => {
    expect(page('n=2')).toEqual({
      names: ['1.0', '1.1'],
      next: '/v2/demo/app/tags/list?n=2&last=1.1',
    });
    expect(page('n=2&last=1.1')).toMatchObject({
      names: ['Latest', 'a/b&c'],
      next: expect.stringContaining('last=a%2Fb%26c'),
    });
    expect(page('n=2&last=a%2Fb%26c')).toEqual({ names: ['latest'] });
  });

  it('begins behind a name, whether there is such a tag or not', () => {
    expect(page('last=1.05').names).toEqual(['1.1', 'Latest', 'a/b&c', 'latest']);
    expect(page('last=z').names).toEqual([]);
  });

  it('may be empty', () => {
    expect(page('n=0')).toEqual({ names: [] });
  });

  it('has 1000 names at most', () => {
    const many = Array.from({ length: 3_000 }, (_, index) => `t${String(index).padStart(5, '0')}`);
    expect(tagPage(many, '/p', new URLSearchParams('n=999999999')).names).toHaveLength(1_000);
  });

  it.each(['n=-1', 'n=x', 'n=', 'n=1e3', 'n=99999999999'])('is refused for %s', (query) => {
    const code = 'PAGINATION_NUMBER_INVALID';
    expect(() => page(query)).toThrow(
      expect.objectContaining({ code, message: 'n is a number of tags, 0 or more' }),
    );
  });
});

describe('If-None-Match', () => {
  it.each(['"sha256:x"', 'sha256:x', 'W/"sha256:x"', '"other", "sha256:x"', '*'])(
    '%s names the content',
    (header) => {
      expect(isNamedBy(header, 'sha256:x')).toBe(true);
    },
  );

  it.each([undefined, '', '"sha256:y"', `"${'x'.repeat(5_000)}", *`])('%s does not', (header) => {
    expect(isNamedBy(header, 'sha256:x')).toBe(false);
  });
});
