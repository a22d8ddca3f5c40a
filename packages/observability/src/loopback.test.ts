import { describe, expect, it } from 'vitest';
import { isLoopback } from './loopback.ts';

describe('isLoopback', () => {
  it.each(['127.0.0.1', '127.8.9.10', '::1', '::ffff:127.0.0.1', '::FFFF:127.0.0.1'])(
    'knows %s',
    (address) => {
      expect(isLoopback(address)).toBe(true);
    },
  );

  it.each([undefined, '', '10.0.0.1', '1.127.0.0', '::ffff:10.127.0.1', '::', '0.0.0.0'])(
    'does not take %s for it',
    (address) => {
      expect(isLoopback(address)).toBe(false);
    },
  );
});
