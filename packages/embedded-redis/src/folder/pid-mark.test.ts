import { spawn } from 'node:child_process';
import { describe, expect, it, vi } from 'vitest';
import { isAlive, isProven, markPid } from './pid-mark.ts';

describe('a marked process', () => {
  it('is alive and proven while it runs', async () => {
    const mark = await markPid(process.pid);
    expect(mark.started).toMatch(/\/\d+$/);
    expect(await isAlive(mark)).toBe(true);
    expect(await isProven(mark)).toBe(true);
  });

  it('is not the one that has its number at another time', async () => {
    const { pid, started } = await markPid(process.pid);
    const earlier = { pid, started: `${started}1` };
    expect(await isAlive(earlier)).toBe(false);
    expect(await isProven(earlier)).toBe(false);
  });

  it('is taken for alive, but not for proven, where only its number is known', async () => {
    expect(await isAlive({ pid: process.pid })).toBe(true);
    expect(await isProven({ pid: process.pid })).toBe(false);
  });

  it('is not alive once it ended, even if its parent has not asked for it yet', async () => {
    // The inner shell ends; the outer one became `sleep`, which never waits for it.
    const script = 'sh -c "read -r line" <&3 3<&- & echo $!; exec sleep 60 3<&-';
    const outer = spawn('/bin/sh', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore', 'pipe'] });
    const text = await new Promise((resolve) => outer.stdout?.once('data', resolve));
    const inner = await markPid(Number(text));
    expect(await isAlive(inner)).toBe(true);
    outer.stdio[3]?.destroy();
    await vi.waitFor(async () => expect(await isAlive(inner)).toBe(false));
    outer.kill();
  });
});
