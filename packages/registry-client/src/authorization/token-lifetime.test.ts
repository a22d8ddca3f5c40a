import { describe, expect, it } from 'vitest';
import { tokenLifetime } from './token-lifetime.ts';

const MINUTE = 60_000;

function jwt(claims: unknown): string {
  return `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.sig`;
}

describe('tokenLifetime', () => {
  it('believes expires_in between a minute and an hour', () => {
    expect(tokenLifetime('x', 300)).toBe(5 * MINUTE);
    expect(tokenLifetime('x', 1)).toBe(MINUTE);
    expect(tokenLifetime('x', -1)).toBe(MINUTE);
    expect(tokenLifetime('x', 86_400)).toBe(60 * MINUTE);
  });

  it('takes the claims of a JWT when the reply says nothing', () => {
    expect(tokenLifetime(jwt({ iat: 1_000, exp: 1_600 }), undefined)).toBe(10 * MINUTE);
    expect(tokenLifetime(jwt({ iat: 1_000, exp: 90_000 }), '300')).toBe(60 * MINUTE);
  });

  it.each(['opaque', 'a.b.c', jwt({ exp: 1_600 }), jwt(null), jwt(7)])(
    'keeps a token of unknown life for five minutes: %s',
    (token) => {
      expect(tokenLifetime(token, undefined)).toBe(5 * MINUTE);
    },
  );
});
