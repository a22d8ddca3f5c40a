import { describe, expect, it } from 'vitest';
import { CliError } from '../cli-error.ts';
import { checkTagName, parseDestination, splitDestination } from './tag-destination.ts';

function split(text: string) {
  return splitDestination(parseDestination(text, 'demo'));
}

describe('a destination', () => {
  it.each([
    ['ruby:tip', { namespace: 'demo', stream: 'ruby', tag: 'tip' }],
    ['other/ruby:tip', { namespace: 'other', stream: 'ruby', tag: 'tip' }],
    ['ruby:', { namespace: 'demo', stream: 'ruby', tag: 'latest' }],
    ['ruby:a:b', { namespace: 'demo', stream: 'ruby', tag: 'a:b' }],
  ])('"%s" is read', (text, key) => {
    expect(split(text)).toEqual(key);
  });

  it.each([
    ['a/b/c:d', 'invalid image stream "a/b/c:d"'],
    ['/ruby:tip', 'invalid namespace "" for image stream "/ruby:tip"'],
    ['demo/', 'invalid name "" for image stream "demo/"'],
    ['c/:d', 'invalid name "" for image stream "c/:d"'],
    ['ruby', '"ruby" must be of the form <stream_name>:<tag>'],
    ['other/ruby', '"ruby" must be of the form <stream_name>:<tag>'],
    [':tip', '":tip" must be of the form <stream_name>:<tag>'],
  ])('"%s" is refused', (text, problem) => {
    expect(() => split(text)).toThrow(new CliError('usage', problem));
  });

  it.each(['a:b', '-a', '.a', 'ä', 'a'.repeat(129)])('may not have the tag "%s"', (tag) => {
    const problem = `invalid tag "${tag}" format, tags must start with an alphanumeric character followed by alphanumeric, '.' or '-' characters, and have a maximum of 128 characters`;
    expect(() => checkTagName(tag)).toThrow(new CliError('usage', problem));
  });

  it.each(['1', 'v1.2-rc.1', '_x', 'a'.repeat(128)])('may have the tag "%s"', (tag) => {
    expect(() => checkTagName(tag)).not.toThrow();
  });
});
