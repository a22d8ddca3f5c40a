import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { delay } from './delay.ts';

describe('delay', () => {
  it('waits', async () => {
    const start = performance.now();
    await delay(20);
    // Node's timers round down by up to a millisecond.
    expect(performance.now() - start).toBeGreaterThanOrEqual(19);
  });

  it('ends early, without an error, when aborted', async () => {
    const controller = new AbortController();
    const waiting = delay(60_000, controller.signal);
    controller.abort(new Error('stop'));
    await expect(waiting).resolves.toBeUndefined();
  });

  it('does not begin when aborted before', async () => {
    await expect(delay(60_000, AbortSignal.abort())).resolves.toBeUndefined();
  });

  it('leaves no listener on a signal that lives on', async () => {
    const { signal } = new AbortController();
    await delay(1, signal);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  it('does not take a very long wait for none', async () => {
    const controller = new AbortController();
    const waiting = delay(Number.MAX_SAFE_INTEGER, controller.signal).then(() => 'over');
    expect(await Promise.race([waiting, delay(20).then(() => 'still waiting')])).toBe(
      'still waiting',
    );
    controller.abort();
    await waiting;
  });
});
