import { describe, expect, it } from 'vitest';
import { formatPushedTag, parsePushedTag } from './pushed-tag.ts';

describe('parsePushedTag', () => {
  it.each([
    ['web:latest', 'web', 'latest', []],
    ['demo/team/web:1.27-rc.1', 'demo/team/web', '1.27-rc.1', []],
    ['demo/api:v1=linux/amd64,linux/arm/v7', 'demo/api', 'v1', ['linux/amd64', 'linux/arm/v7']],
  ])('reads %s, and formatPushedTag writes it', (text, repository, tag, platforms) => {
    expect(parsePushedTag(text)).toEqual({ repository, tag, platforms });
    expect(formatPushedTag(parsePushedTag(text))).toBe(text);
  });

  it.each([
    'web',
    'Web:latest',
    ':latest',
    'web:',
    'web:a b',
    'web:latest=amd64',
    'web@sha256:0:x',
  ])('refuses %j', (text) => {
    expect(() => parsePushedTag(text)).toThrow(`"${text}" is not REPOSITORY:TAG`);
  });
});
