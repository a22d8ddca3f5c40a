import { describe, expect, it } from 'vitest';
import { RecentChunks } from './recent-chunks.ts';

const MEBIBYTE = 1024 * 1024;

function threeMebibytes(): RecentChunks {
  const recent = new RecentChunks();
  for (const at of [0, 1, 2]) recent.add(at * MEBIBYTE, Buffer.alloc(MEBIBYTE, at));
  return recent;
}

describe('the newest chunks', () => {
  it('are given from any position in them to the end of the one that has it', () => {
    const rest = threeMebibytes().from(2 * MEBIBYTE - 3);
    expect(rest).toEqual(Buffer.alloc(3, 1));
    expect(threeMebibytes().from(2 * MEBIBYTE)?.length).toBe(MEBIBYTE);
  });

  it('are two mebibytes, and nothing before or behind them is known', () => {
    expect(threeMebibytes().from(MEBIBYTE - 1)).toBeUndefined();
    expect(threeMebibytes().from(3 * MEBIBYTE)).toBeUndefined();
  });

  it('are one that is larger than that, if it is alone', () => {
    const recent = new RecentChunks();
    recent.add(0, Buffer.alloc(5 * MEBIBYTE));
    expect(recent.from(10)?.length).toBe(5 * MEBIBYTE - 10);
  });
});
