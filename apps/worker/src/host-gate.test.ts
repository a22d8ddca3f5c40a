import { describe, expect, it } from 'vitest';
import { HostGate } from './host-gate.ts';

const never = new AbortController().signal;

/** Work that says when it began and ends when it is told to. */
function work(name: string, begun: string[]) {
  const { promise, resolve } = Promise.withResolvers<void>();
  return {
    end: resolve,
    run: async () => {
      begun.push(name);
      await promise;
      return name;
    },
  };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('HostGate', () => {
  it('lets a full host wait and others pass', async () => {
    const gate = new HostGate({ perHost: 1, total: 3 });
    const begun: string[] = [];
    const [a, b, c] = [work('a1', begun), work('a2', begun), work('b1', begun)];
    const first = gate.run('a', a.run, never);
    const second = gate.run('a', b.run, never);
    const third = gate.run('b', c.run, never);
    await settled();
    expect([begun, gate.waiting]).toEqual([['a1', 'b1'], 1]);
    expect([gate.waitingFor('a'), gate.waitingFor('b')]).toEqual([1, 0]);
    a.end();
    expect(await first).toBe('a1');
    await settled();
    expect(begun).toEqual(['a1', 'b1', 'a2']);
    b.end();
    c.end();
    expect(await Promise.all([second, third])).toEqual(['a2', 'b1']);
  });

  it('keeps to the limit of all hosts, in the order of coming', async () => {
    const gate = new HostGate({ perHost: 2, total: 2 });
    const begun: string[] = [];
    const all = ['a', 'b', 'c', 'd'].map((name) => ({ name, ...work(name, begun) }));
    const running = all.map(({ name, run }) => gate.run(name, run, never));
    await settled();
    expect(begun).toEqual(['a', 'b']);
    for (const { end } of all) end();
    await Promise.all(running);
    expect(begun).toEqual(['a', 'b', 'c', 'd']);
  });

  it('lets the next one in when work fails', async () => {
    const gate = new HostGate({ perHost: 1, total: 1 });
    const failing = gate.run('a', () => Promise.reject(new Error('no')), never);
    const next = gate.run('a', async () => 'in', never);
    await expect(failing).rejects.toThrow('no');
    expect(await next).toBe('in');
  });

  it('forgets whoever stops waiting', async () => {
    const gate = new HostGate({ perHost: 1, total: 1 });
    const begun: string[] = [];
    const holding = work('held', begun);
    const first = gate.run('a', holding.run, never);
    const stop = new AbortController();
    const second = gate.run('a', async () => begun.push('never'), stop.signal);
    stop.abort();
    await expect(second).rejects.toThrow('stopped while waiting');
    expect([gate.waiting, gate.waitingFor('a')]).toEqual([0, 0]);
    holding.end();
    await first;
    expect(begun).toEqual(['held']);
    await expect(gate.run('a', holding.run, stop.signal)).resolves.toBe('held');
  });
});
