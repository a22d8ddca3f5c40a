import type { TagEvent, TagKey } from '@tagtrail/image-stream';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anEvent } from '../testing/a-stream.ts';
import { readHistoryPage } from './history-page.ts';

const KEY: TagKey = { namespace: 'shop', name: 'web', uid: 'u1', tag: 'latest' };

/** A history in memory, newest first, that keeps the store port's promises. */
function historyOf(events: TagEvent[]) {
  return {
    history: async (_: TagKey, { offset, limit }: { offset: number; limit: number }) =>
      events.slice(offset, offset + limit),
  };
}

function numbered(generation: number): TagEvent {
  return anEvent({ generation });
}

describe('readHistoryPage', () => {
  it('shows every event once, however many come between the pages', async () => {
    const counts = fc.tuple(fc.nat(30), fc.integer({ min: 1, max: 7 }), fc.nat(5));
    await fc.assert(
      fc.asyncProperty(counts, async ([count, limit, moves]) => {
        const events = Array.from({ length: count }, (_, index) => numbered(count - index));
        const expected = events.map(({ generation }) => generation);
        const seen: number[] = [];
        let token: string | undefined;
        do {
          const page = await readHistoryPage(historyOf(events), {
            key: KEY,
            limit,
            continue: token,
          });
          seen.push(...page.items.map(({ generation }) => generation));
          token = page.continue;
          for (let move = 0; move < moves; move += 1) events.unshift(numbered(events.length + 1));
        } while (token !== undefined);
        expect(seen).toEqual(expected);
      }),
    );
  });

  it('has no next page when the history ends with this one', async () => {
    const streams = historyOf([numbered(2), numbered(1)]);
    expect((await readHistoryPage(streams, { key: KEY, limit: 2 })).continue).toBeUndefined();
  });

  it('refuses to go on in the history of a stream that was deleted and made again', async () => {
    const streams = historyOf([numbered(3), numbered(2), numbered(1)]);
    const { continue: token } = await readHistoryPage(streams, { key: KEY, limit: 1 });
    const reborn = { ...KEY, uid: 'u2' };
    await expect(
      readHistoryPage(streams, { key: reborn, limit: 1, continue: token }),
    ).rejects.toMatchObject({ status: { code: 410 } });
  });

  it.each([
    'invented',
    '',
    Buffer.from('{"uid":"u1","offset":-1,"last":""}').toString('base64url'),
  ])('refuses the token %j', async (token) => {
    const page = readHistoryPage(historyOf([]), { key: KEY, continue: token });
    await expect(page).rejects.toMatchObject({ status: { code: 400 } });
  });
});
