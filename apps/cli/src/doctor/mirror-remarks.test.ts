import { describe, expect, it } from 'vitest';
import { mirrorRemarks } from './mirror-remarks.ts';

const mirrors = [
  { prefix: 'docker.io', locations: [{ location: 'a.example' }], fallback: 'source' },
  {
    prefix: 'index.docker.io/team',
    locations: [{ location: 'b.example/hub' }, { location: 'c.example' }],
    fallback: 'never',
  },
] as const;

describe('mirrors of what is examined', () => {
  it.each([
    [
      'team',
      'workers ask b.example/hub, c.example only (registries.mirrors, index.docker.io/team)',
    ],
    ['team/app', 'workers ask b.example/hub, c.example only'],
    ['teams/app', 'workers ask a.example first (registries.mirrors, docker.io)'],
    ['', 'workers ask a.example first'],
  ])('are those of the longest prefix: docker.io/%s', (repository, words) => {
    const [remark, ...others] = mirrorRemarks(mirrors, { registry: 'docker.io', repository });
    expect(remark).toContain(words);
    expect(remark).toMatch(/: not examined here$/);
    expect(others).toEqual([]);
  });

  it('are none for other registries', () => {
    expect(mirrorRemarks(mirrors, { registry: 'quay.io', repository: 'team/app' })).toEqual([]);
  });
});
