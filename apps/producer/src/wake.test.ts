import { describe, expect, it } from 'vitest';
import { createWake } from './wake.ts';

const never = new AbortController().signal;
const LONG = 60_000;

describe('a wake', () => {
  it('ends a sleep', async () => {
    const wake = createWake();
    const slept = wake.wait(LONG, never);
    wake.wake();
    await slept;
  });

  it('that comes during the work ends the next sleep, and only that', async () => {
    const wake = createWake();
    wake.wake();
    wake.wake();
    await wake.wait(LONG, never);
    const stop = new AbortController();
    let slept = false;
    const next = wake.wait(LONG, stop.signal).then(() => {
      slept = true;
    });
    await Promise.resolve();
    expect(slept).toBe(false);
    stop.abort();
    await next;
  });

  it('is not waited for once the signal aborted, before or meanwhile', async () => {
    const wake = createWake();
    await wake.wait(LONG, AbortSignal.abort());
    const stop = new AbortController();
    const slept = wake.wait(LONG, stop.signal);
    stop.abort();
    await slept;
  });

  it('does not keep a sleep from its own end', async () => {
    await createWake().wait(1, never);
  });
});
