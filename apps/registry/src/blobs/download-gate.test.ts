import { expect, it } from 'vitest';
import { DownloadGate } from './download-gate.ts';

/** Enters, and tells by name who was let in. */
function entering(gate: DownloadGate, admitted: string[]) {
  return async (name: string, group: string) => {
    const leave = await gate.enter(group);
    admitted.push(name);
    return leave;
  };
}

it('lets some of each group in, and the others in their order', async () => {
  const admitted: string[] = [];
  const enter = entering(new DownloadGate({ total: 3, perGroup: 2, waiting: 5 }), admitted);
  const first = await enter('a1', 'a');
  await enter('a2', 'a');
  const waiting = [enter('a3', 'a'), enter('a4', 'a'), enter('b1', 'b')];
  const b1 = await waiting[2];
  expect(admitted).toEqual(['a1', 'a2', 'b1']);
  first();
  const a3 = await waiting[0];
  expect(admitted).toEqual(['a1', 'a2', 'b1', 'a3']);
  b1?.();
  a3?.();
  await waiting[1];
  expect(admitted.at(-1)).toBe('a4');
});

it('tells whoever comes when too many wait to come again', async () => {
  const gate = new DownloadGate({ total: 9, perGroup: 1, waiting: 1 });
  await gate.enter('hanging');
  void gate.enter('hanging');
  await expect(gate.enter('hanging')).rejects.toMatchObject({
    status: 503,
    headers: { 'retry-after': '5' },
    message: '1 downloads from there wait already; come again',
  });
  await gate.enter('other');
});
