import { createHmac, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { RegistryTokens } from './registry-token.ts';

const key = randomBytes(32);
const tokens = new RegistryTokens(key);
const claims = { sub: 'id', iat: 1_000, exp: 1_300, access: [] };
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const signed = (body: string, by: Buffer) =>
  `${body}.${createHmac('sha256', by).update(body).digest('base64url')}`;

describe('a token of the registry', () => {
  it('says what it was made to say, until it is over', () => {
    const token = tokens.sign(claims);
    expect(tokens.verify(token, 1_299_999)).toEqual(claims);
    expect(tokens.verify(token, 1_300_000)).toBeUndefined();
  });

  it.each([
    ['of another key', () => new RegistryTokens(randomBytes(32)).sign(claims)],
    ['without a signature', () => tokens.sign(claims).replace(/[^.]*$/, '')],
    [
      'that was changed',
      () => tokens.sign(claims).replace(/\.[^.]*\./, `.${encode({ ...claims, sub: 'x' })}.`),
    ],
    [
      'with another algorithm, though well signed',
      () => signed(`${encode({ alg: 'HS512', typ: 'JWT' })}.${encode(claims)}`, key),
    ],
    ['with none', () => `${encode({ alg: 'none', typ: 'JWT' })}.${encode(claims)}.`],
    ['of a megabyte', () => tokens.sign({ ...claims, sub: 'x'.repeat(1_000_000) })],
    ['that is no token', () => 'secret'],
  ])('%s is not believed', (_, token) => {
    expect(tokens.verify(token(), 1_000_000)).toBeUndefined();
  });
});
