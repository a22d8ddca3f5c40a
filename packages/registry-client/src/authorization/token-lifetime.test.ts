import { describe, expect, it } from 'vitest';
import { tokenForm, tokenLifetime } from './token-lifetime.ts';

const MINUTE = 60_000;

function jwt(claims: unknown): string {
  return `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.sig`;
}

describe('tokenLifetime', () => {
  it('believes expires_in between five seconds and an hour', () => {
    expect(tokenLifetime('x', 300)).toEqual({ lifetime: 5 * MINUTE, lifetimeFrom: 'reply' });
    expect(tokenLifetime('x', 5)).toEqual({ lifetime: 5_000, lifetimeFrom: 'reply' });
    expect(tokenLifetime('x', 1)).toEqual({ lifetime: MINUTE, lifetimeFrom: 'reply' });
    expect(tokenLifetime('x', -1)).toEqual({ lifetime: MINUTE, lifetimeFrom: 'reply' });
    expect(tokenLifetime('x', 86_400)).toEqual({ lifetime: 60 * MINUTE, lifetimeFrom: 'reply' });
  });

  it('takes the claims of a JWT when the reply says nothing', () => {
    expect(tokenLifetime(jwt({ iat: 1_000, exp: 1_600 }), undefined)).toEqual({
      lifetime: 10 * MINUTE,
      lifetimeFrom: 'claims',
    });
    expect(tokenLifetime(jwt({ iat: 1_000, exp: 90_000 }), '300')).toEqual({
      lifetime: 60 * MINUTE,
      lifetimeFrom: 'claims',
    });
  });

  it.each(['opaque', 'a.b.c', jwt({ exp: 1_600 }), jwt(null), jwt(7)])(
    'keeps a token of unknown life for five minutes: %s',
    (token) => {
      expect(tokenLifetime(token, undefined)).toEqual({
        lifetime: 5 * MINUTE,
        lifetimeFrom: 'assumed',
      });
    },
  );
});

describe('tokenForm', () => {
  it('tells a token that speaks of itself from one that does not', () => {
    expect([jwt({}), 'opaque', 'a.b.c'].map(tokenForm)).toEqual(['jwt', 'opaque', 'opaque']);
  });
});
