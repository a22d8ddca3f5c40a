import { describe, expect, it } from 'vitest';
import { isRegistryHost } from './registry-host.ts';

describe('isRegistryHost', () => {
  it.each([
    'localhost',
    'localhost:5000',
    'quay.io',
    'Registry.Example.COM:8443',
    'registry',
    'r-1.internal',
    '1password.example',
    'xn--mnchen-3ya.example',
    '127.0.0.1',
    '172.30.94.234:5000',
    '0.0.0.0:1',
    '255.255.255.255:65535',
    '[::1]',
    '[::1]:5000',
    '[fe80::1:2]:443',
    '[2001:0DB8:0:0:0:0:0:1]:5000',
    '[::]',
    `${'a'.repeat(63)}.`.repeat(4).slice(0, 253),
  ])('accepts %s', (text) => {
    expect(isRegistryHost(text)).toBe(true);
  });

  it.each([
    ['an empty text', ''],
    ['a port alone', ':5000'],
    ['an empty port', 'localhost:'],
    ['port 0', 'localhost:0'],
    ['a port with a leading zero', 'localhost:0443'],
    ['a port beyond 65535', 'localhost:65536'],
    ['a port of six digits', 'localhost:100000'],
    ['a port in words', 'localhost:https'],
    ['an empty label', 'a..b'],
    ['a leading dot', '.example.com'],
    ['a trailing dot', 'example.com.'],
    ['a label that begins with a hyphen', '-a.example'],
    ['a label that ends with a hyphen', 'a-.example'],
    ['an underscore', 'a_b.example'],
    ['user information', 'user@example.com'],
    ['a scheme', 'https://example.com'],
    ['254 characters', `${'a'.repeat(63)}.`.repeat(4).slice(0, 254)],
    ['an address beyond 255', '256.0.0.1'],
    ['an address of three numbers', '10.0.1'],
    ['an address of five numbers', '1.2.3.4.5'],
    ['an address with a leading zero, octal to some', '010.0.0.1'],
    ['an address as one number', '2130706433'],
    ['an address as one number with a port', '2130706433:5000'],
    ['a hexadecimal address', '0x7f.1'],
    ['a hexadecimal last label', 'example.0x7f'],
    ['IPv6 without brackets', '::1'],
    ['IPv6 that is not closed', '[::1'],
    ['IPv6 of nine groups', '[1:2:3:4:5:6:7:8:9]'],
    ['IPv6 of seven groups', '[1:2:3:4:5:6:7]'],
    ['IPv6 with two gaps', '[1::2::3]'],
    ['IPv6 with two gaps for nothing', '[1:2::3:4:5::6:7:8]'],
    ['IPv6 with a gap for nothing', '[1:2:3:4::5:6:7:8]'],
    ['IPv6 with a group of five digits', '[12345::]'],
    ['IPv6 with a zone', '[fe80::1%eth0]'],
    ['IPv6 with an IPv4 tail', '[::ffff:127.0.0.1]'],
    ['empty brackets', '[]'],
    ['a name in brackets', '[localhost]'],
  ])('refuses %s', (_, text) => {
    expect(isRegistryHost(text)).toBe(false);
  });
});
