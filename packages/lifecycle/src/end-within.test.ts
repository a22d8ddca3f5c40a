import { describe, expect, it } from 'vitest';
import { endWithin } from './end-within.ts';

const forever = new Promise<void>(() => undefined);

describe('endWithin', () => {
  it('waits for work that ends, signal or not', async () => {
    const stop = new AbortController();
    const work = Promise.withResolvers<void>();
    const ended = endWithin(60_000, stop.signal, work.promise);
    stop.abort();
    work.resolve();
    await ended;
    await endWithin(60_000, new AbortController().signal, Promise.resolve());
  });

  it('leaves work behind that does not end in time after the signal', async () => {
    await endWithin(1, AbortSignal.abort(), forever);
    const stop = new AbortController();
    const ended = endWithin(1, stop.signal, forever);
    stop.abort();
    await ended;
  });

  it('tells of work that fails, and hears nothing of it later', async () => {
    const failed = endWithin(1, new AbortController().signal, Promise.reject(new Error('torn')));
    await expect(failed).rejects.toThrow('torn');
    const late = Promise.withResolvers<void>();
    await endWithin(0, AbortSignal.abort(), late.promise);
    late.reject(new Error('unheard'));
  });
});
