import { describe, expect, it } from 'vitest';
import { isHostAndPort } from './host-and-port.ts';

describe('isHostAndPort', () => {
  it.each([
    'registry.example.com',
    'registry.example.com:5000',
    'registry:5000',
    'localhost',
    '172.30.94.234:5000',
    '[::1]:5000',
  ])('takes %s', (text) => {
    expect(isHostAndPort(text)).toBe(true);
  });

  it.each([
    '',
    'registry',
    'Registry.example.com',
    'https://registry.example.com',
    'registry.example.com/shop',
    'registry.example.com:',
    'registry.example.com:0',
    'registry.example.com:65536',
    'user@registry.example.com',
    'registry..example.com',
    '-registry.example.com',
    ':5000',
    `${'x'.repeat(250)}.com`,
  ])('does not take %j', (text) => {
    expect(isHostAndPort(text)).toBe(false);
  });
});
