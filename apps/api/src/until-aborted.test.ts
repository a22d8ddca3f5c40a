import { describe, expect, it } from 'vitest';
import { untilAborted } from './until-aborted.ts';

describe('untilAborted', () => {
  it('passes batches on and ends with its source', async () => {
    async function* source() {
      yield 1;
      yield 2;
    }
    expect(await collect(untilAborted(source(), new AbortController().signal))).toEqual([1, 2]);
  });

  it('ends at once when aborted, though its source does not hear it', async () => {
    const stop = new AbortController();
    const deaf = {
      [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => undefined) }),
    };
    const batches = untilAborted(deaf, stop.signal);
    const next = batches.next();
    stop.abort();
    expect(await next).toEqual({ done: true, value: undefined });
  });

  it('passes a failure on', async () => {
    async function* failing() {
      yield 1;
      throw new Error('broken');
    }
    const batches = collect(untilAborted(failing(), new AbortController().signal));
    await expect(batches).rejects.toThrow('broken');
  });

  it('lets its source clean up before a reader who leaves goes on', async () => {
    const steps: string[] = [];
    async function* source() {
      try {
        yield 1;
      } finally {
        steps.push('cleaned up');
      }
    }
    for await (const _ of untilAborted(source(), new AbortController().signal)) break;
    expect(steps).toEqual(['cleaned up']);
  });
});

async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of source) all.push(one);
  return all;
}
