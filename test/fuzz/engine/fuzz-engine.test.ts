import { describe, expect, it } from 'vitest';
import { type FuzzTarget, must } from './fuzz-target.ts';
import { measureGrowth } from './measure-growth.ts';
import { runCases } from './run-cases.ts';

const planted: FuzzTarget = {
  name: 'reference',
  dictionary: ['BUG'],
  mutators: [],
  limit: 1_000_000,
  check: () => true,
  growth: { letters: (size) => 'a'.repeat(size) },
};

/** Up to the first finding. */
const run = (check: FuzzTarget['check'], seed = 1) => {
  const stop = new AbortController();
  const keep = () => {
    stop.abort();
    return 'kept';
  };
  return runCases({ ...planted, check }, { runs: 2_000, seed, keep, signal: stop.signal });
};

function busyFor(ms: number): void {
  const before = process.threadCpuUsage();
  for (let spent = 0; spent < ms; ) {
    const { user, system } = process.threadCpuUsage(before);
    spent = (user + system) / 1_000;
  }
}

describe('runCases', () => {
  it('finds a text at which a parser throws, and makes it as small as it can be', async () => {
    const { findings } = await run((text) => {
      if (text.includes('BUG')) throw new TypeError('no such member');
      return true;
    });
    expect(findings[0]).toEqual({
      kind: 'failure',
      message: 'TypeError: no such member',
      input: 'BUG',
      file: 'kept',
    });
  });

  it('finds a promise that is not kept', async () => {
    const { findings } = await run((text) => {
      must(!text.includes('BUG'), 'there is no bug');
      return true;
    });
    expect(findings[0]).toMatchObject({ message: 'Violation: there is no bug', input: 'BUG' });
  });

  it('finds what reaches the prototype of all objects', async () => {
    const { findings } = await run((text) => {
      Reflect.deleteProperty(Object.prototype, 'polluted');
      if (text.includes('BUG')) {
        Object.defineProperty(Object.prototype, 'polluted', { value: 1, configurable: true });
      }
      return true;
    });
    Reflect.deleteProperty(Object.prototype, 'polluted');
    expect(findings[0]?.message).toBe('something was added to Object.prototype');
  });

  it('finds a slow text, but not one that was slow once', async () => {
    let calls = 0;
    const once = await run(() => {
      calls += 1;
      if (calls === 100) busyFor(60);
      return true;
    });
    expect(once.findings).toEqual([]);
    const always = await run((text) => {
      if (text.startsWith('BUG') && text.length < 10) busyFor(60);
      return true;
    });
    expect(always.findings[0]).toMatchObject({ kind: 'slow', input: 'BUG' });
  });

  it('makes the same texts of the same seed, and others of another', async () => {
    const texts = async (seed: number) => {
      // Each once: what seems slow is given to the parser again, to measure it.
      const seen = new Set<string>();
      await run((text) => seen.add(text).size > 0, seed);
      return [...seen];
    };
    const [one, same, other] = [await texts(7), await texts(7), await texts(8)];
    expect(same).toEqual(one);
    expect(other).not.toEqual(one);
    expect(one.length).toBeGreaterThan(1_000);
  });

  it('ends when it is told to', async () => {
    const stop = new AbortController();
    const options = { runs: 1e9, seed: 1, signal: stop.signal, progress: () => stop.abort() };
    expect((await runCases(planted, options)).runs).toBeLessThan(1_000);
  });
});

describe('measureGrowth', () => {
  const growthOf = (check: FuzzTarget['check']) => measureGrowth({ ...planted, check }, 8_192)[0];

  it('tells work that grows with the square of the text from work that grows with it', () => {
    const quadratic = growthOf((text) => {
      let sum = 0;
      for (let at = 0; at < text.length; at += 1) {
        for (let other = 0; other < text.length; other += 1) sum += at ^ other;
      }
      return sum > 0;
    });
    expect(quadratic).toMatchObject({ family: 'letters', size: 8_192, isLinear: false });
    const linear = growthOf((text) => {
      let sum = 0;
      for (let at = 0; at < text.length * 5_000; at += 1) sum += at ^ 3;
      return sum > 0;
    });
    expect(linear).toMatchObject({ isMeasurable: true, isLinear: true });
  });

  it('ends at what the parser reads', () => {
    const sizes = new Set<number>();
    const check = (text: string) => sizes.add(text.length).size > 0;
    measureGrowth({ ...planted, check, limit: 800 }, 8_192);
    expect(Math.max(...sizes)).toBe(800);
  });
});
