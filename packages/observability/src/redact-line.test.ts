import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactLine } from './redact-line.ts';

const redacted = (value: unknown) => JSON.parse(redactLine(JSON.stringify(value))) as unknown;

describe('redactLine', () => {
  it('censors fields named like secrets, however deep and however spelled', () => {
    expect(
      redacted({
        token: 'hunter2',
        a: { b: { c: { d: { password: 'hunter2' } } } },
        list: [{ clientSecret: 'hunter2' }],
        headers: { Authorization: 'hunter2', 'set-cookie': ['hunter2', 'hunter2'] },
      }),
    ).toEqual({
      token: '***',
      a: { b: { c: { d: { password: '***' } } } },
      list: [{ clientSecret: '***' }],
      headers: { Authorization: '***', 'set-cookie': '***' },
    });
  });

  it('censors numbers, lists and objects', () => {
    expect(redacted({ secret: -1.5e3, token: [1], password: { is: 'hunter2}' } })).toEqual({
      secret: '***',
      token: '***',
      password: '***',
    });
  });

  it('shows that a secret is absent', () => {
    expect(redacted({ token: null, hasToken: true })).toEqual({ token: null, hasToken: true });
  });

  it('leaves other fields alone', () => {
    const line = {
      tokens: 3,
      tag: 'latest',
      msg: 'the "token": "x" of a text',
      passwordless: 'yes',
    };
    expect(redacted(line)).toEqual(line);
  });

  it('turns every line of JSON into a line of JSON', () => {
    const key = fc.oneof(fc.string(), fc.constantFrom('token', 'password', 'a"token'));
    const text = fc.oneof(fc.string(), fc.constantFrom('redis://:a"b\\@h', 'https://h?x="\\'));
    const value = fc.letrec((tie) => ({
      node: fc.oneof({ depthSize: 'small' }, text, fc.integer(), fc.array(tie('node')), tie('map')),
      map: fc.dictionary(key, tie('node')),
    })).map;
    fc.assert(
      fc.property(value, (line) => {
        expect(() => redacted(line)).not.toThrow();
      }),
    );
  });
});
