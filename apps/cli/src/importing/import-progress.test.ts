import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { progressText, showProgress } from './import-progress.ts';
import type { PlannedImage } from './plan-import.ts';
import { importWish } from './testing/an-import.ts';

describe('showProgress', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('counts seconds, and leaves nothing behind', async () => {
    const shown: string[] = [];
    const work = Promise.withResolvers<string>();
    const output = { status: (text: string) => shown.push(text) };
    const result = showProgress(output, 'importing', () => work.promise);
    expect(shown).toEqual([]);
    vi.advanceTimersByTime(2_000);
    expect(shown).toEqual(['importing', 'importing  1 s', 'importing  1 s', 'importing  2 s']);
    work.resolve('done');
    expect(await result).toBe('done');
    expect(shown.at(-1)).toBe('');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('leaves nothing behind after a failure either', async () => {
    const shown: string[] = [];
    const work = () => Promise.reject(new Error('refused'));
    const output = { status: (text: string) => shown.push(text) };
    await expect(showProgress(output, 'importing', work)).rejects.toThrow('refused');
    expect([shown, vi.getTimerCount()]).toEqual([[''], 0]);
  });
});

describe('progressText', () => {
  const wish = importWish('web');
  const images = (...list: readonly PlannedImage[]) => ({ kind: 'images', images: list }) as const;
  const one = { tag: '1', from: 'quay.io/acme/web:1' };

  it('says what is imported', () => {
    expect(progressText({ wish, plan: images(one) })).toBe(
      'importing web:1 from quay.io/acme/web:1',
    );
    expect(progressText({ wish, plan: images(one, one, one) })).toBe('importing 3 tags of web');
    const plan = { kind: 'repository', from: 'docker.io/library/redis' } as const;
    expect(progressText({ wish, plan })).toBe('importing the tags of docker.io/library/redis');
  });
});
