import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { beginPatience } from './patience.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const never = new AbortController().signal;

describe('patience', () => {
  it('is over after its time, and not before', () => {
    const { signal } = beginPatience(100, never);
    vi.advanceTimersByTime(99);
    expect(signal.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect(signal.reason).toMatchObject({ name: 'TimeoutError' });
    expect(() => signal.throwIfAborted()).toThrow('the mirror was not waited for any longer');
  });

  it('is no more counted once it has ended, and the caller still is', () => {
    const caller = new AbortController();
    const { signal, end } = beginPatience(100, caller.signal);
    end();
    vi.advanceTimersByTime(1_000);
    expect(signal.aborted).toBe(false);
    const reason = new Error('shutting down');
    caller.abort(reason);
    expect(signal.reason).toBe(reason);
  });

  it('leaves no timer behind', () => {
    const { end } = beginPatience(100, never);
    expect(vi.getTimerCount()).toBe(1);
    end();
    expect(vi.getTimerCount()).toBe(0);
  });
});
