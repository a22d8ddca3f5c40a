import { describe, expect, it } from 'vitest';
import { RecentLog } from './recent-log.ts';

const PLENTY = { entries: 100, weight: 1000 };
const LONG_WAIT = 60_000;

function filled(log: RecentLog<string>, ...entries: string[]): RecentLog<string> {
  for (const entry of entries) log.append(entry, entry.length);
  return log;
}

describe('RecentLog', () => {
  it('reads on from a position, a batch at a time', () => {
    const log = filled(new RecentLog(PLENTY), 'a', 'b', 'c');
    expect(log.read(0, 2)).toEqual(['a', 'b']);
    expect(log.read(2, 2)).toEqual(['c']);
    expect(log.read(3, 2)).toEqual([]);
  });

  it('drops the oldest entries beyond its count and tells who fell behind', () => {
    const evicted: string[] = [];
    const log = new RecentLog<string>({
      entries: 2,
      weight: 1000,
      onEvict: (e) => evicted.push(e),
    });
    filled(log, 'a', 'b', 'c');
    expect(evicted).toEqual(['a']);
    expect(log.read(0, 10)).toBeUndefined();
    expect(log.read(1, 10)).toEqual(['b', 'c']);
  });

  it('drops the oldest entries beyond its weight but always holds the newest', () => {
    const log = filled(new RecentLog({ entries: 100, weight: 5 }), 'aaa', 'bbb', 'cccccccccc');
    expect(log.read(2, 10)).toEqual(['cccccccccc']);
    expect(log.read(1, 10)).toBeUndefined();
  });

  it('finds the first entry of a sorted rest', () => {
    const log = filled(new RecentLog({ entries: 3, weight: 1000 }), 'a', 'c', 'e', 'g');
    expect(log.find((entry) => entry > 'd')).toBe(2);
    expect(log.find((entry) => entry > 'z')).toBe(4);
    expect(log.find(() => true)).toBe(1);
  });

  it('lets every follower find out that it was cleared', () => {
    const log = filled(new RecentLog(PLENTY), 'a');
    const upToDate = log.next;
    log.clear();
    expect(log.read(upToDate, 1)).toBeUndefined();
    expect(log.read(log.next, 1)).toEqual([]);
  });

  it('wakes followers on an entry, a clearing, an abort and a timeout', async () => {
    const log = new RecentLog<string>(PLENTY);
    const stop = new AbortController();
    const byEntry = log.changed(0, LONG_WAIT, stop.signal);
    filled(log, 'a');
    await byEntry;
    const byClearing = log.changed(log.next, LONG_WAIT, stop.signal);
    log.clear();
    await byClearing;
    await log.changed(log.next, 1, stop.signal);
    const byAbort = log.changed(log.next, LONG_WAIT, stop.signal);
    stop.abort();
    await byAbort;
  });

  it('does not wait for what is there already', async () => {
    const log = filled(new RecentLog(PLENTY), 'a');
    await log.changed(0, LONG_WAIT, new AbortController().signal);
    expect(log.read(0, 1)).toEqual(['a']);
  });
});
