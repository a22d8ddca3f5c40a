import { describe, expect, it } from 'vitest';
import { parseObjects, parseStreamTag } from './resource.ts';

describe('parseObjects', () => {
  it.each([
    ['is', [], 'is', []],
    ['ImageStreams', ['web'], 'is', ['web']],
    ['is/web', [], 'is', ['web']],
    ['is/web', ['is/api'], 'is', ['web', 'api']],
    ['check', [], 'checks', []],
    ['istag', ['web:1'], 'istag', ['web:1']],
    ['imagestreamtags.image.openshift.io/web:1', [], 'istag', ['web:1']],
    ['isimage/web@sha256:1', [], 'isimage', ['web@sha256:1']],
    ['image.image.openshift.io', ['sha256:1'], 'image', ['sha256:1']],
    ['imagestreamcheck.tagtrail.dev', ['web'], 'checks', ['web']],
    ['secrets', ['regcred'], 'secret', ['regcred']],
    ['secret/regcred', [], 'secret', ['regcred']],
    ['tokens', [], 'token', []],
    ['accesstoken.tagtrail.dev/ci', [], 'token', ['ci']],
  ])('reads %s %j', (kind, names, wantedKind, wantedNames) => {
    expect(parseObjects(kind, names)).toEqual({ kind: wantedKind, names: wantedNames });
  });

  it.each([
    [
      'pods',
      [],
      'unknown kind "pods": it is "is" (image streams), "istag" (their tags), "isimage" and "image" (images), "checks", "secrets", or "tokens"',
    ],
    ['toString', [], 'unknown kind "toString"'],
    ['is/web', ['api'], 'write KIND NAME… or KIND/NAME… of one kind, not "is/web"'],
    ['is/a/b', [], 'write KIND NAME'],
  ])('refuses %s %j', (kind, names, message) => {
    expect(() => parseObjects(kind, names)).toThrow(message);
  });
});

describe('parseStreamTag', () => {
  it('takes latest when no tag is given', () => {
    expect(parseStreamTag('web:1.27')).toEqual({ name: 'web', tag: '1.27' });
    expect(parseStreamTag('web')).toEqual({ name: 'web', tag: 'latest' });
    expect(parseStreamTag('web:')).toEqual({ name: 'web', tag: 'latest' });
  });

  it.each(['', ':latest', 'web:a:b', 'web@sha256:00'])('refuses %j', (text) => {
    expect(() => parseStreamTag(text)).toThrow(`"${text}" is not STREAM:TAG`);
  });
});
