import { expect, it } from 'vitest';
import { DownloadGate, type GateLimits } from './download-gate.ts';

const LIMITS: GateLimits = {
  total: 4,
  perHost: 2,
  perNamespace: 3,
  bytesPerNamespace: 100,
  waiting: 5,
  wait: 60_000,
};
const ticket = (host: string, namespace = 'demo', size = 1) => ({ host, namespace, size });

/** Enters, and keeps the names of those who were let in. */
function entering(limits: Partial<GateLimits> = {}) {
  const gate = new DownloadGate({ ...LIMITS, ...limits });
  const admitted: string[] = [];
  const enter = async (name: string, ...wish: Parameters<typeof ticket>) => {
    const leave = await gate.enter(ticket(...wish));
    admitted.push(name);
    return leave;
  };
  return { gate, admitted, enter };
}

it('lets some from each host in, and the others in their order', async () => {
  const { admitted, enter, gate } = entering();
  const first = await enter('a1', 'a');
  await enter('a2', 'a');
  const waiting = [enter('a3', 'a', 'other'), enter('a4', 'a'), enter('b1', 'b')];
  const b1 = await waiting[2];
  expect([admitted, gate.waiting]).toEqual([['a1', 'a2', 'b1'], 2]);
  first();
  first();
  const a3 = await waiting[0];
  expect(admitted).toEqual(['a1', 'a2', 'b1', 'a3']);
  b1?.();
  a3?.();
  await waiting[1];
  expect([admitted.at(-1), gate.waiting]).toEqual(['a4', 0]);
});

it('lets no namespace in so often that others find no room, whatever hosts it names', async () => {
  const { admitted, enter } = entering();
  for (const host of ['a', 'b', 'c']) await enter(host, host, 'greedy');
  void enter('d', 'd', 'greedy');
  await enter('other', 'e', 'modest');
  expect(admitted).toEqual(['a', 'b', 'c', 'other']);
});

it('lets no namespace announce more than its share, but for one blob alone', async () => {
  const { admitted, enter } = entering();
  const leave = await enter('large', 'a', 'greedy', 1_000);
  void enter('small', 'b', 'greedy', 1);
  await enter('other', 'b', 'modest', 100);
  expect(admitted).toEqual(['large', 'other']);
  leave();
  await expect.poll(() => admitted, { timeout: 10_000 }).toEqual(['large', 'other', 'small']);
});

it('tells whoever comes when too many wait to come again', async () => {
  const { gate } = entering({ perHost: 1, waiting: 1 });
  await gate.enter(ticket('hanging'));
  void gate.enter(ticket('hanging'));
  await expect(gate.enter(ticket('hanging'))).rejects.toMatchObject({
    status: 503,
    headers: { 'retry-after': '5' },
    message: '1 downloads of demo wait already; come again',
  });
});

it('lets nobody wait for ever', async () => {
  const { gate } = entering({ perHost: 1, wait: 5 });
  const leave = await gate.enter(ticket('hanging'));
  await expect(gate.enter(ticket('hanging'))).rejects.toThrow(
    'other downloads of demo, or from hanging, took all the room; come again',
  );
  leave();
  await gate.enter(ticket('hanging'));
});
