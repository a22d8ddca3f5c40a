import { describe, expect, it } from 'vitest';
import { chooseScheme } from './auth-scheme.ts';
import { parseChallenges } from './challenge.ts';

const choose = (header: string, mode: 'verified' | 'plain' = 'verified') =>
  chooseScheme(parseChallenges(header), { mode, endpoint: 'r.example.com' });

describe('chooseScheme', () => {
  it('prefers Bearer wherever it stands', () => {
    expect(choose('Basic realm="a", Bearer realm="https://a.example/t",service="s"')).toEqual({
      kind: 'bearer',
      realm: new URL('https://a.example/t'),
      service: 's',
      scope: undefined,
    });
  });

  it('looks for a realm that is a path on the registry itself', () => {
    expect(choose('Bearer realm="/v2/token"')).toMatchObject({
      kind: 'bearer',
      realm: new URL('https://r.example.com/v2/token'),
    });
  });

  it.each([
    'realm="Artifactory Realm"',
    'realm="//a.example/token"',
    'realm="ftp://a.example/token"',
    'realm="https://user@a.example/token"',
    'realm="https://:secret@a.example/token"',
    'realm="https://a.example/token#part"',
    'realm="http://a.example/token"',
    `realm="https://a.example/${'x'.repeat(1100)}"`,
    'service="no realm"',
  ])('falls to Basic when the realm is unusable: Bearer %s', (parameters) => {
    expect(choose(`Bearer ${parameters}, Basic realm="a"`)).toEqual({ kind: 'basic' });
    expect(choose(`Bearer ${parameters}`)).toBeUndefined();
  });

  it('accepts a plain realm only from a registry that is itself spoken to in plain http', () => {
    const header = 'Bearer realm="http://127.0.0.1:5001/token"';
    expect(choose(header, 'plain')?.kind).toBe('bearer');
    expect(choose(header)).toBeUndefined();
  });

  it('knows no other scheme', () => {
    expect(choose('Negotiate, Digest realm="a", AWS4-HMAC-SHA256')).toBeUndefined();
  });
});
