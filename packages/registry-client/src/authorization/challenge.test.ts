import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseChallenges } from './challenge.ts';

function read(header: string | string[] | undefined): unknown {
  return parseChallenges(header).map(({ scheme, parameters }) => [
    scheme,
    Object.fromEntries(parameters),
  ]);
}

describe('parseChallenges', () => {
  it('reads the challenge of a token server', () => {
    const header =
      'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:library/redis:pull"';
    expect(read(header)).toEqual([
      [
        'bearer',
        {
          realm: 'https://auth.docker.io/token',
          service: 'registry.docker.io',
          scope: 'repository:library/redis:pull',
        },
      ],
    ]);
  });

  it('keeps apart several challenges of one header', () => {
    const header =
      'Bearer realm="https://codeberg.org/v2/token",service="container_registry",scope="*",Basic realm="Gitea"';
    expect(read(header)).toEqual([
      [
        'bearer',
        { realm: 'https://codeberg.org/v2/token', service: 'container_registry', scope: '*' },
      ],
      ['basic', { realm: 'Gitea' }],
    ]);
  });

  it('reads several headers', () => {
    expect(read(['Negotiate', 'Basic realm=a'])).toEqual([
      ['negotiate', {}],
      ['basic', { realm: 'a' }],
    ]);
  });

  it('steps over a token68 and over schemes without parameters', () => {
    expect(read('Negotiate YIIB+/x==, NTLM, Basic realm="a"')).toEqual([
      ['negotiate', {}],
      ['ntlm', {}],
      ['basic', { realm: 'a' }],
    ]);
  });

  it('undoes escapes and keeps commas inside quotes', () => {
    expect(read('Basic realm="a\\"b, Bearer realm=c\\\\", charset="UTF-8"')).toEqual([
      ['basic', { realm: 'a"b, Bearer realm=c\\', charset: 'UTF-8' }],
    ]);
  });

  it('is lenient about case, blanks, empty elements and unquoted URLs', () => {
    expect(read(' ,, BEARER  Realm = https://a.example/t?x=1 ,,\tSERVICE=s ,')).toEqual([
      ['bearer', { realm: 'https://a.example/t?x=1', service: 's' }],
    ]);
  });

  it('lets the first of a repeated parameter count', () => {
    expect(read('Bearer realm="a",realm="b"')).toEqual([['bearer', { realm: 'a' }]]);
  });

  it.each([
    ['nothing', undefined, []],
    ['an empty header', '', []],
    ['no scheme', '="x"', []],
    [
      'an open quote',
      'Basic realm="a", Bearer realm="b',
      [
        ['basic', { realm: 'a' }],
        ['bearer', {}],
      ],
    ],
    ['a missing value', 'Bearer realm=', [['bearer', {}]]],
    ['missing commas', 'Bearer realm="a" service="b"', [['bearer', { realm: 'a' }]]],
    ['bytes that no scheme has', '\u0001\u0002', []],
  ])('makes the best of %s', (_what, header, expected) => {
    expect(read(header)).toEqual(expected);
  });

  it('bounds what it reads', () => {
    const many = Array.from({ length: 100 }, (_, index) => `S${index} a=1`).join(', ');
    expect(parseChallenges(many)).toHaveLength(16);
    const wide = Array.from({ length: 100 }, (_, index) => `p${index}=1`).join(', ');
    expect(parseChallenges(`Bearer ${wide}`)[0]?.parameters.size).toBe(16);
  });

  it('stays linear on hostile headers', () => {
    const started = performance.now();
    for (const part of ['a=', 'a,', '"\\', 'a="', '==', 'a ', ',']) {
      parseChallenges(part.repeat(100_000));
    }
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string(), (text) => Array.isArray(parseChallenges(`Bearer ${text}`))));
  });

  it('reads back whatever parameters a server quotes', () => {
    const name = fc.stringMatching(/^[a-z]{1,8}$/);
    fc.assert(
      fc.property(fc.dictionary(name, fc.string(), { minKeys: 1, maxKeys: 5 }), (wanted) => {
        const text = Object.entries(wanted)
          .map(([key, value]) => `${key}="${value.replace(/["\\]/g, '\\$&')}"`)
          .join(', ');
        expect(read(`Bearer ${text}`)).toEqual([['bearer', { ...wanted }]]);
      }),
    );
  });
});
