import { describe, expect, it } from 'vitest';
import { digest, logOf, OTHER_SOURCE, push } from './chaos-facts-for-test.ts';
import type { Fault, LedgerLine, LogEntry, Outage } from './facts.ts';
import { judgeHistories } from './judge-histories.ts';
import { readTagLives } from './tag-life.ts';

const BOUND = 10_000;
const END = 200_000;

const NEVER = 'nothing is recorded that was never pushed there';
const OLDER = 'no result of an older tag generation is recorded';
const ORDER = 'a stay is recorded at most once, in order';
const SEEN = 'a stay longer than interval + lease + outages is recorded';

/** The names of the invariants that are broken. */
function broken(
  ledger: readonly LedgerLine[],
  log: readonly LogEntry[],
  outages: readonly Outage[] = [],
): readonly string[] {
  return verdicts(ledger, log, { outages })
    .filter(({ violations }) => violations.length > 0)
    .map(({ invariant }) => invariant);
}

function verdicts(
  ledger: readonly LedgerLine[],
  log: readonly LogEntry[],
  { outages = [], faults = [] }: { outages?: readonly Outage[]; faults?: readonly Fault[] } = {},
) {
  const context = { ledger, log, outages, faults, boundOf: () => BOUND, end: END };
  return judgeHistories(readTagLives(log), context);
}

describe('a history that is as it must be', () => {
  it('has every long stay once, in order', () => {
    const ledger = [push(0, 'a'), push(50_000, 'b'), push(100_000, 'c')];
    const log = logOf(
      [1_000, {}],
      [2_000, { images: 'a' }],
      [52_000, { images: 'ba' }],
      [102_000, { images: 'cba' }],
    );
    expect(broken(ledger, log)).toEqual([]);
    expect(verdicts(ledger, log).map(({ checked }) => checked)).toEqual([3, 3, 3, 3]);
  });

  it('may lack a short stay, or have it', () => {
    const ledger = [push(0, 'a'), push(50_000, 'b'), push(55_000, 'c')];
    const without = logOf([1_000, {}], [2_000, { images: 'a' }], [57_000, { images: 'ca' }]);
    const having = logOf(
      [1_000, {}],
      [2_000, { images: 'a' }],
      [51_000, { images: 'ba' }],
      [57_000, { images: 'cba' }],
    );
    expect(broken(ledger, without)).toEqual([]);
    expect(broken(ledger, having)).toEqual([]);
  });

  it('has an image again when the tag went back to it', () => {
    const ledger = [push(0, 'a'), push(50_000, 'b'), push(100_000, 'a')];
    const log = logOf(
      [1_000, {}],
      [2_000, { images: 'a' }],
      [52_000, { images: 'ba' }],
      [102_000, { images: 'aba' }],
    );
    expect(broken(ledger, log)).toEqual([]);
  });

  it('says nothing of a way back when what lay between was too short to be seen', () => {
    const ledger = [push(0, 'a'), push(50_000, 'b'), push(52_000, 'a')];
    const log = logOf([1_000, {}], [2_000, { images: 'a' }]);
    expect(broken(ledger, log)).toEqual([]);
  });

  it('may lack a long stay that an outage, a suspension or a deletion at the registry covered', () => {
    const ledger = [push(0, 'a'), push(50_000, 'b'), push(70_000, 'c')];
    const log = logOf([1_000, {}], [2_000, { images: 'a' }], [72_000, { images: 'ca' }]);
    expect(broken(ledger, log)).toEqual([SEEN]);
    const span = { from: 51_000, to: 61_000 };
    expect(broken(ledger, log, [{ scope: '*', ...span }])).toEqual([]);
    expect(broken(ledger, log, [{ scope: '127.0.0.1:5000', ...span }])).toEqual([]);
    expect(broken(ledger, log, [{ scope: 'demo/s0:v0', ...span }])).toEqual([]);
    expect(broken(ledger, log, [{ scope: '127.0.0.1:5001', ...span }])).toEqual([SEEN]);
    const suspended = logOf(
      [1_000, {}],
      [2_000, { images: 'a' }],
      [49_000, { images: 'a', suspended: true }],
      [71_000, { images: 'a' }],
      [72_000, { images: 'ca' }],
    );
    expect(broken(ledger, suspended)).toEqual([]);
    const deleted = [push(0, 'a'), push(50_000, 'b'), push(52_000, undefined), push(70_000, 'c')];
    expect(broken(deleted, log)).toEqual([]);
  });

  it('begins anew with an edit, and with a new stream of the old name', () => {
    const ledger = [push(0, 'a'), push(0, 'x', OTHER_SOURCE)];
    const edited = logOf(
      [1_000, {}],
      [2_000, { images: 'a' }],
      [50_000, { images: 'a', source: OTHER_SOURCE }],
      [51_000, { images: 'xa', source: OTHER_SOURCE, from: OTHER_SOURCE }],
    );
    expect(broken(ledger, edited)).toEqual([]);
    const recreated = logOf(
      [1_000, {}],
      [2_000, { images: 'a' }],
      [50_000, undefined],
      [51_000, { uid: 'u2' }],
      [52_000, { images: 'a', uid: 'u2' }],
    );
    expect(broken(ledger, recreated)).toEqual([]);
  });
});

describe('a history that is wrong', () => {
  const ledger = [push(0, 'a'), push(50_000, 'b'), push(100_000, 'c')];

  it('lacks a long stay', () => {
    const log = logOf([1_000, {}], [2_000, { images: 'a' }], [102_000, { images: 'ca' }]);
    expect(broken(ledger, log)).toEqual([SEEN]);
  });

  it('lacks the last one', () => {
    const log = logOf([1_000, {}], [2_000, { images: 'a' }], [52_000, { images: 'ba' }]);
    expect(broken(ledger, log)).toEqual([SEEN]);
  });

  it('has a stay twice', () => {
    const log = logOf(
      [1_000, {}],
      [2_000, { images: 'a' }],
      [52_000, { images: 'ba' }],
      [53_000, { images: 'aba' }],
      [54_000, { images: 'baba' }],
      [102_000, { images: 'cbaba' }],
    );
    expect(broken(ledger, log)).toEqual([ORDER]);
  });

  it('has the old image after the new one', () => {
    const log = logOf([1_000, {}], [52_000, { images: 'b' }], [53_000, { images: 'ab' }]);
    expect(broken(ledger, log)).toContain(ORDER);
  });

  it('has an image before it was pushed', () => {
    const log = logOf([1_000, {}], [2_000, { images: 'c' }]);
    expect(broken(ledger, log)).toEqual([ORDER]);
  });

  it('has an image that nobody pushed', () => {
    const log = logOf([1_000, {}], [2_000, { images: 'z' }]);
    expect(broken(ledger, log)).toEqual([NEVER, ORDER]);
  });

  it('has a result for the source before an edit', () => {
    const both = [push(0, 'a'), push(0, 'x', OTHER_SOURCE)];
    const log = logOf(
      [1_000, {}],
      [2_000, { source: OTHER_SOURCE }],
      [2_500, { images: 'a', source: OTHER_SOURCE, from: '127.0.0.1:5000/shop/web:v0' }],
      [3_000, { images: 'xa', source: OTHER_SOURCE, from: OTHER_SOURCE }],
    );
    expect(broken(both, log)).toEqual([NEVER, OLDER, ORDER]);
  });

  it('is shown by a trace of that tag alone, with what stood before', () => {
    const other = push(51_000, 'q', 'elsewhere/shop/web:v0');
    const log = logOf([1_000, {}], [2_000, { images: 'a' }], [102_000, { images: 'ca' }]);
    const words = [
      'SIGKILL worker-1',
      'edit demo/s1',
      'edit demo/s0',
      'registry 127.0.0.1:5000: hang',
    ];
    const faults = words.map((one) => ({ at: 60_000, words: one }));
    const [violation] = verdicts([...ledger, other], log, { faults }).flatMap(
      ({ violations }) => violations,
    );
    expect(violation?.words).toContain(digest('b').slice(0, 17));
    const trace = violation?.trace.join('\n') ?? '';
    expect(trace).toContain(`is ${digest('a').slice(0, 17)}`);
    expect(trace).toContain(`is ${digest('b').slice(0, 17)}`);
    expect(trace).not.toContain('elsewhere');
    expect(violation?.trace.filter((line) => line.includes('fault'))).toHaveLength(3);
    expect(trace).not.toContain('demo/s1');
  });
});
