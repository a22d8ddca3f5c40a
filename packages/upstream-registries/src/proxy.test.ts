import { describe, expect, it } from 'vitest';
import { createProxySource } from './proxy.ts';
import { createExceptions } from './proxy-exceptions.ts';

const settings = { httpsProxy: 'http://secure.proxy:3128', httpProxy: 'http://plain.proxy:3128' };

describe('createProxySource', () => {
  it('has a proxy for each kind of transport', () => {
    const proxyOf = createProxySource(settings);
    expect(proxyOf('https://quay.io')).toEqual({ origin: 'http://secure.proxy:3128' });
    expect(proxyOf('http://quay.io:5000')).toEqual({ origin: 'http://plain.proxy:3128' });
    expect(createProxySource({})('https://quay.io')).toBeUndefined();
  });

  it.each(['http://localhost:5000', 'https://127.0.0.1', 'https://127.9.9.9', 'http://[::1]:5000'])(
    'has none before this machine: %s',
    (origin) => {
      expect(createProxySource(settings)(origin)).toBeUndefined();
    },
  );

  it('has none where there must not be one', () => {
    const proxyOf = createProxySource({ ...settings, noProxy: ['internal:443', '[fd00::1]:5000'] });
    expect(proxyOf('https://internal')).toBeUndefined();
    expect(proxyOf('http://internal')).toBeDefined();
    expect(proxyOf('https://[fd00::1]:5000')).toBeUndefined();
  });

  it.each([
    ['http://me:pass@proxy:3128', 'me:pass'],
    ['http://me:p%40ss%3Aword@proxy:3128', 'me:p@ss:word'],
    ['http://me:100%25%@proxy:3128', 'me:100%25%'],
    ['http://me@proxy:3128', 'me:'],
  ])('shows a proxy who asks: %s', (httpsProxy, pair) => {
    const authorization = `Basic ${Buffer.from(pair).toString('base64')}`;
    expect(createProxySource({ httpsProxy })('https://quay.io')).toEqual({
      origin: 'http://proxy:3128',
      authorization,
    });
  });
});

describe('createExceptions', () => {
  const isException = (entries: string, host: string, port = '443') =>
    createExceptions(entries.split(','))({ host, port });

  it.each([
    ['*', 'anything.example'],
    ['example.com', 'example.com'],
    ['example.com', 'a.b.example.com'],
    ['EXAMPLE.com', 'example.com'],
    ['.example.com', 'a.example.com'],
    ['*.example.com', 'a.example.com'],
    ['example.com:443', 'example.com'],
    ['a.example  b.example', 'b.example'],
    ['first.example, second.example', 'second.example'],
    ['10.1.2.3', '10.1.2.3'],
    ['10.1.2.3:443', '10.1.2.3'],
    ['10.0.0.0/8', '10.9.9.9'],
    ['fd00::1', 'fd00::1'],
    ['[fd00::1]', 'fd00:0::1'],
    ['fd00::/8', 'fd12::7'],
    ['0.0.0.0/0', '8.8.8.8'],
  ])('%s is about %s', (entries, host) => {
    expect(isException(entries, host)).toBe(true);
  });

  it.each([
    ['', 'example.com'],
    ['example.com', 'notexample.com'],
    ['.example.com', 'example.com'],
    ['*.example.com', 'example.com'],
    ['example.com:80', 'example.com'],
    ['10.0.0.0/8', '11.0.0.1'],
    ['10.0.0.0/8', 'ten.example'],
    ['10.0.0.0/33', '10.0.0.1'],
    ['fd00::/8', '10.0.0.1'],
    ['10.1.2.3', '10.1.2.4'],
  ])('%s is not about %s', (entries, host) => {
    expect(isException(entries, host)).toBe(false);
  });
});
