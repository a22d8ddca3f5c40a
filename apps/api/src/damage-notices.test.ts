import { StoreError } from '@tagtrail/image-stream';
import { describe, expect, it } from 'vitest';
import { createDamageNotices } from './damage-notices.ts';

const DAMAGE = new StoreError('damaged', 'a stored text is no JSON');

function noticesAt(clock: { now: number }) {
  const told: unknown[] = [];
  const logger = { error: (fields: unknown) => told.push(fields) };
  const notice = createDamageNotices(logger, () => clock.now);
  return { told, notice: (name: string) => notice({ namespace: 'shop', name }, DAMAGE) };
}

describe('createDamageNotices', () => {
  it('names a record with what is wrong with it, and again only after a while', () => {
    const clock = { now: 0 };
    const { told, notice } = noticesAt(clock);
    notice('web');
    clock.now = 599_999;
    notice('web');
    expect(told).toEqual([{ namespace: 'shop', name: 'web', err: DAMAGE }]);
    clock.now = 600_000;
    notice('web');
    expect(told).toHaveLength(2);
  });

  it('names each record, but not any number of them', () => {
    const { told, notice } = noticesAt({ now: 0 });
    for (let at = 0; at < 1_500; at += 1) notice(`stream-${at}`);
    expect(told).toHaveLength(1_000);
  });
});
