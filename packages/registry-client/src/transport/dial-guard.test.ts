import { describe, expect, it } from 'vitest';
import { isRefusedAddress, withoutRefused } from './dial-guard.ts';

describe('isRefusedAddress', () => {
  it.each([
    '169.254.169.254',
    '::ffff:169.254.169.254',
    '64:ff9b::a9fe:a9fe',
    'fe80::1',
    'fd00:ec2::254',
    '100.100.100.200',
  ])('refuses the metadata address %s', (address) => {
    expect(isRefusedAddress(address)).toBe(true);
  });

  it.each(['127.0.0.1', '10.0.0.7', '192.168.1.1', '::1', 'fd00::1', 'registry.example'])(
    'lets %s pass',
    (host) => {
      expect(isRefusedAddress(host)).toBe(false);
    },
  );
});

describe('withoutRefused', () => {
  it('keeps the good addresses of a name that also leads to a bad one', () => {
    const good = { address: '10.0.0.7', family: 4 };
    expect(withoutRefused([{ address: '169.254.169.254', family: 4 }, good])).toEqual([good]);
  });
});
