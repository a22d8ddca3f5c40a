import { describe, expect, it } from 'vitest';
import { MAX_WAITING_JOBS, RequestBacklog } from './request-backlog.ts';

function backlog(count: () => Promise<number>) {
  const clock = { now: 0 };
  return { clock, backlog: new RequestBacklog({ count, now: () => clock.now }) };
}

describe('RequestBacklog', () => {
  it('counts what it admits until it asks the queue again', async () => {
    let waiting = 0;
    const { clock, backlog: room } = backlog(async () => waiting);
    await room.admit(MAX_WAITING_JOBS - 1);
    await room.admit(1);
    const message = `${MAX_WAITING_JOBS} requested imports wait for workers already`;
    await expect(room.admit(1)).rejects.toThrow(message);
    clock.now = 1_000;
    waiting = 5;
    await room.admit(MAX_WAITING_JOBS - 5);
    await expect(room.admit(1)).rejects.toMatchObject({ status: { code: 429 } });
  });

  it('holds back many that come in the same moment', async () => {
    const { backlog: room } = backlog(async () => 0);
    const all = await Promise.allSettled(Array.from({ length: 30 }, () => room.admit(1_000)));
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
  });

  it('asks again after a failure', async () => {
    let fails = true;
    const { backlog: room } = backlog(async () => {
      if (fails) throw new Error('unreachable');
      return 0;
    });
    await expect(room.admit(1)).rejects.toThrow('unreachable');
    fails = false;
    await room.admit(1);
  });
});
