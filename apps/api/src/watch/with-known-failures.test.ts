import { gone } from '@tagtrail/apimachinery';
import { StoreError } from '@tagtrail/image-stream';
import { describe, expect, it } from 'vitest';
import { statusOf } from '../http/status-of.ts';
import { StatusError } from '../status-error.ts';
import { withKnownFailures } from './with-known-failures.ts';

async function* failing(error: unknown) {
  yield 1;
  throw error;
}

async function readAll(source: AsyncIterable<number>) {
  const seen: number[] = [];
  try {
    for await (const value of source) seen.push(value);
  } catch (error) {
    return { seen, error };
  }
  return { seen };
}

describe('withKnownFailures', () => {
  it('tells a watcher to come again when something below the store fails, and keeps the cause', async () => {
    const cause = new Error('Connection is closed.');
    const { seen, error } = await readAll(withKnownFailures(failing(cause)));
    expect(seen).toEqual([1]);
    expect(error).toMatchObject({ code: 'unavailable', cause });
    expect(statusOf(error)).toMatchObject({ code: 503, details: { retryAfterSeconds: 2 } });
  });

  it.each([new StatusError(gone('too old')), new StoreError('expired', 'gone')])(
    'passes on what is known: %s',
    async (known) => {
      expect(await readAll(withKnownFailures(failing(known)))).toEqual({ seen: [1], error: known });
    },
  );

  it('ends the source when its reader has enough', async () => {
    let ended = false;
    async function* endless() {
      try {
        for (;;) yield 1;
      } finally {
        ended = true;
      }
    }
    for await (const _ of withKnownFailures(endless())) break;
    expect(ended).toBe(true);
  });
});
