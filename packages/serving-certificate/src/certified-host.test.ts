import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseHosts } from './certified-host.ts';
import { ServingCertificateError } from './serving-certificate-error.ts';

const bytesOf = (text: string) => {
  const [host] = parseHosts([text]);
  return host?.kind === 'ip' ? host.bytes.toString('hex') : undefined;
};

describe('parseHosts', () => {
  it('takes DNS names in lower case and every host once', () => {
    expect(parseHosts(['LocalHost', 'localhost', 'my_api', 'xn--bcher-kva.example'])).toEqual([
      { kind: 'dns', name: 'localhost' },
      { kind: 'dns', name: 'my_api' },
      { kind: 'dns', name: 'xn--bcher-kva.example' },
    ]);
    expect(parseHosts(['::1', '0:0:0:0:0:0:0:1', '0::0.0.0.1'])).toHaveLength(1);
  });

  it.each([
    ['127.0.0.1', '7f000001'],
    ['::', '00000000000000000000000000000000'],
    ['::1', '00000000000000000000000000000001'],
    ['2001:db8::', '20010db8000000000000000000000000'],
    ['2001:DB8::1:0:7', '20010db8000000000000000100000007'],
    ['1:2:3:4:5:6:7::', '00010002000300040005000600070000'],
    ['::ffff:10.0.0.1', '00000000000000000000ffff0a000001'],
    ['64:ff9b::192.0.2.33', '0064ff9b0000000000000000c0000221'],
  ])('reads the address %s', (text, bytes) => {
    expect(bytesOf(text)).toBe(bytes);
  });

  it('reads every IPv6 address, written in full or shortened', () => {
    const group = fc.oneof(fc.constant(0), fc.nat(0xffff));
    fc.assert(
      fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
        const full = groups.map((value) => value.toString(16)).join(':');
        const shortened = new URL(`http://[${full}]`).hostname.slice(1, -1);
        const bytes = groups.map((value) => value.toString(16).padStart(4, '0')).join('');
        expect([bytesOf(full), bytesOf(shortened)]).toEqual([bytes, bytes]);
      }),
    );
  });

  it.each([
    '',
    ' ',
    'a b',
    '-a',
    'a-',
    'a..b',
    'a.',
    '*.example.com',
    'bücher',
    'a/b',
    'fe80::1%0',
  ])('refuses %j and names it', (host) => {
    expect(() => parseHosts(['localhost', host])).toThrow(
      new ServingCertificateError(
        'invalid-host',
        `${JSON.stringify(host)} is no DNS name and no IP address`,
      ),
    );
  });

  it('refuses names beyond the limits', () => {
    const long = `${'a.'.repeat(126)}ab`;
    expect(() => parseHosts([long])).toThrow('no DNS name');
    expect(() => parseHosts(['a'.repeat(64)])).toThrow('no DNS name');
    expect(() => parseHosts([])).toThrow('at least one');
    expect(() => parseHosts(Array.from({ length: 101 }, (_, i) => `h${i}`))).toThrow('at most 100');
  });
});
