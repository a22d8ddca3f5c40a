import { describe, expect, it } from 'vitest';
import { created, failed, imported, look, record } from './testing/a-record.ts';
import { aCheck, aStream, aTag, D1, D2, T1, T2 } from './testing/a-stream.ts';

describe('recordImport, at the edges', () => {
  it('takes a look at another definition for stale, even one that claims to be newer', () => {
    const early = record(created(), [look(1, imported(D1), { generation: 2 })], T1);
    expect(early.verdicts).toEqual(['stale']);
    expect(early.changed).toBe(false);
  });

  it('leaves a suspended tag alone when a stale look comes', () => {
    const suspended = aCheck({ generation: 3, suspended: true, nextDue: null });
    const checks = new Map([['latest', suspended]]);
    const result = record({ stream: aStream({}), checks }, [look(9, imported(D1))], T2);
    expect(result.checks.get('latest')).toEqual(suspended);
  });

  it('counts the same look once, however often it is delivered', () => {
    const twice = record(created(), [look(1, imported(D1)), look(1, imported(D1))], T1);
    expect(twice.verdicts).toEqual(['recorded', 'superseded']);
    expect(twice.history).toHaveLength(1);
  });

  it('lets no look come over one that it overlapped: which was answered first, nobody knows', () => {
    const overlapping = [
      look(1, imported(D2), { endFence: 2 }),
      look(2, imported(D1), { endFence: 2 }),
    ];
    const together = record(created(), overlapping, T1);
    expect(together.verdicts).toEqual(['recorded', 'superseded']);
    const first = record(created(), overlapping.slice(0, 1), T1);
    expect(record(first, overlapping.slice(1), T2).verdicts).toEqual(['superseded']);
    expect(record(first, [look(3, imported(D1))], T2).verdicts).toEqual(['recorded']);
  });

  it('does not record a look whose document is gone, and lets none before it count', () => {
    const first = record(created(), [look(1, imported(D1))], T1);
    const looks = [look(2, imported(D2)), look(4, failed('no')), look(3, imported(D2))];
    const result = record(first, looks, T2, new Set([D2]));
    expect(result.verdicts).toEqual(['undocumented', 'recorded', 'undocumented']);
    expect(result.history).toEqual([]);
    const forgotten = { fence: 4, upstreamDigest: null, image: null };
    expect(result.checks.get('latest')).toMatchObject(forgotten);
    expect(record(result, [look(3, imported(D1))], T2).verdicts).toEqual(['superseded']);
  });

  it('keeps the rest of a batch when one document is gone', () => {
    const two = aStream({ tags: [aTag(), aTag({ name: 'v2' })] });
    const checks = new Map([
      ['latest', aCheck()],
      ['v2', aCheck()],
    ]);
    const looks = [look(1, imported(D1)), look(2, imported(D2), { tag: 'v2' })];
    const result = record({ stream: two, checks }, looks, T1, new Set([D1]));
    expect(result.verdicts).toEqual(['undocumented', 'recorded']);
    expect(result.stream.status.tags?.map(({ tag }) => tag)).toEqual(['v2']);
  });

  it('stops looking at a scheduled digest once it is imported, and retries it until then', () => {
    const pinned = aTag({
      from: { kind: 'DockerImage', name: `quay.io/acme/app@${D1}` },
      importPolicy: { scheduled: true, importMode: 'Legacy' },
    });
    const start = { stream: aStream({ tags: [pinned] }), checks: new Map([['latest', aCheck()]]) };
    const missed = record(start, [look(1, failed('no'))], T1);
    expect(missed.checks.get('latest')?.nextDue).toBeGreaterThan(T1);
    const found = record(missed, [look(2, imported(D1))], T2);
    expect(found.checks.get('latest')).toMatchObject({ schedule: null, nextDue: null });
  });

  it('writes a failure that repeats once, whatever numbers the registry puts into it', () => {
    const says = (wait: string) => failed(`too many requests (the server says: wait ${wait})`);
    const first = record(created(), [look(1, says('880.092µs'))], T1);
    expect(first.changed).toBe(true);
    const again = record(first, [look(2, says('1.3ms'))], T2);
    expect(again.changed).toBe(false);
    expect(again.checks.get('latest')).toMatchObject({
      attempts: 2,
      message: says('1.3ms').message,
    });
  });
});
