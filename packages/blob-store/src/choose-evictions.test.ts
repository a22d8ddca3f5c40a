import type { Digest } from '@tagtrail/image-reference';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StoredBlob } from './blob-store.ts';
import { chooseEvictions, type EvictionRules } from './choose-evictions.ts';

const digest = (n: number): Digest => `sha256:${n.toString(16).padStart(64, '0')}`;
const blob = (usedAt: number, size = 10): StoredBlob => ({ digest: digest(usedAt), size, usedAt });
const rules: EvictionRules = {
  needed: 10,
  wanted: 10,
  batch: 100,
  unusedSince: 100,
  isHeld: () => false,
};
const times = (blobs: readonly StoredBlob[] | undefined) => blobs?.map(({ usedAt }) => usedAt);

describe('evictions', () => {
  it('begin with what was not used for longest and end when enough is free', () => {
    const chosen = chooseEvictions(
      [1, 2, 3, 4].map((at) => blob(at)),
      { ...rules, wanted: 25 },
    );
    expect(times(chosen)).toEqual([1, 2, 3]);
  });

  it('pass over what somebody holds', () => {
    const isHeld = (one: Digest) => one === digest(1);
    expect(times(chooseEvictions([blob(1), blob(2)], { ...rules, isHeld }))).toEqual([2]);
  });

  it('pass over what was used of late', () => {
    expect(times(chooseEvictions([blob(101), blob(100)], rules))).toEqual([100]);
  });

  it('pass over what would free nothing', () => {
    expect(times(chooseEvictions([blob(1, 0), blob(2)], rules))).toEqual([2]);
  });

  it('are none when all of them would not be enough', () => {
    expect(
      chooseEvictions([blob(1), blob(2), blob(101)], { ...rules, needed: 21, wanted: 40 }),
    ).toBe(undefined);
  });

  it('do with what is needed when what is wanted cannot be had', () => {
    expect(times(chooseEvictions([blob(1), blob(200)], { ...rules, wanted: 20 }))).toEqual([1]);
  });

  it('do with what is needed once the batch is full', () => {
    const blobs = [1, 2, 3, 4].map((at) => blob(at));
    expect(times(chooseEvictions(blobs, { ...rules, wanted: 40, batch: 2 }))).toEqual([1, 2]);
    expect(times(chooseEvictions(blobs, { ...rules, needed: 25, wanted: 40, batch: 2 }))).toEqual([
      1, 2, 3,
    ]);
  });

  it('look no further than they must', () => {
    let seen = 0;
    const blobs = (function* () {
      for (; seen < 1000; seen++) yield blob(1);
    })();
    chooseEvictions(blobs, rules);
    expect(seen).toBeLessThan(3);
  });

  it('never take what is protected, never too little, and not one more than is wanted', () => {
    const stored = fc.record({ size: fc.nat(50), usedAt: fc.nat(200), held: fc.boolean() });
    const limits = fc.record({
      needed: fc.integer({ min: 1, max: 300 }),
      more: fc.nat(100),
      batch: fc.nat(9),
    });
    fc.assert(
      fc.property(fc.array(stored), limits, (list, { needed, more, batch }) => {
        const blobs = list.map((one, n) => ({ ...one, digest: digest(n) }));
        const held = new Set(blobs.filter((one) => one.held).map((one) => one.digest));
        const wanted = needed + more;
        const isHeld = (one: Digest) => held.has(one);
        const chosen = chooseEvictions(blobs, { ...rules, needed, wanted, batch, isHeld });
        const sum = (some: readonly StoredBlob[]) => some.reduce((all, { size }) => all + size, 0);
        const free = blobs.filter((one) => !one.held && one.usedAt <= 100);
        if (chosen === undefined) return sum(free) < needed;
        const withoutLast = sum(chosen.slice(0, -1));
        return (
          chosen.every((one) => !held.has(one.digest) && one.usedAt <= 100) &&
          sum(chosen) >= needed &&
          withoutLast < wanted &&
          (withoutLast < needed || chosen.length <= batch)
        );
      }),
    );
  });
});
