import { describe, expect, it } from 'vitest';
import { allOf } from './health-check.ts';

describe('allOf', () => {
  it('is well when every check is', async () => {
    expect(await allOf({ a: () => ({ ok: true }), b: async () => ({ ok: true }) })()).toEqual({
      ok: true,
    });
  });

  it('has a line for each check that is not', async () => {
    const check = allOf({
      redis: () => ({ ok: false, reason: 'not connected' }),
      queue: () => ({ ok: true }),
      loop: async () => ({ ok: false }),
    });
    expect(await check()).toEqual({ ok: false, reason: 'redis: not connected\nloop: not ok' });
  });
});
