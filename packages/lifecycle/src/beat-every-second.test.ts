import { EventEmitter, once } from 'node:events';
import type { Heartbeat, Heartbeats } from '@tagtrail/observability';
import { describe, expect, it } from 'vitest';
import { beatEverySecond } from './beat-every-second.ts';

/** Heartbeats in memory, which can be out of reach. */
class MemoryHeartbeats extends EventEmitter implements Pick<Heartbeats, 'beat' | 'leave'> {
  readonly beats: Heartbeat[] = [];
  readonly left: string[] = [];
  reachable = true;

  async beat(heartbeat: Heartbeat): Promise<void> {
    this.emit('tried');
    if (!this.reachable) throw new Error('out of reach');
    this.beats.push(heartbeat);
  }

  async leave(id: string): Promise<void> {
    this.left.push(id);
  }
}

function open(heartbeats: Pick<Heartbeats, 'beat' | 'leave'> = new MemoryHeartbeats()) {
  const said: string[] = [];
  const logger = {
    warn: (_: unknown, text: string) => said.push(`warn: ${text}`),
    info: (text: string) => said.push(`info: ${text}`),
  } as never;
  let asked = 0;
  const through: number[] = [];
  const onBeat = () => through.push(asked);
  const figures = () => {
    asked += 1;
    return { asked };
  };
  const parts = { service: 'worker', heartbeats, figures, logger, onBeat, interval: 50 } as const;
  return { said, through, beating: beatEverySecond(parts) };
}

describe('beatEverySecond', () => {
  it('says who lives, with figures as they are then, and says goodbye', async () => {
    const heartbeats = new MemoryHeartbeats();
    const { said, beating } = open(heartbeats);
    await once(heartbeats, 'tried');
    const startedAt = Date.now() - process.uptime() * 1_000;
    await once(heartbeats, 'tried');
    await beating[Symbol.asyncDispose]();
    const [first, second] = heartbeats.beats;
    expect(first).toMatchObject({ service: 'worker', pid: process.pid, figures: { asked: 1 } });
    expect(second).toMatchObject({ id: first?.id, figures: { asked: 2 } });
    expect((second?.sentAt ?? 0) - (first?.sentAt ?? 0)).toBeGreaterThanOrEqual(49);
    expect(Math.abs((first?.startedAt ?? 0) - startedAt)).toBeLessThan(100);
    expect(first?.memoryBytes).toBeGreaterThan(10_000_000);
    expect(second?.cpuShare).toBeGreaterThanOrEqual(0);
    expect(second?.cpuShare).toBeLessThan(8);
    expect(heartbeats.left).toEqual([first?.id]);
    await beating[Symbol.asyncDispose]();
    expect(heartbeats.left).toHaveLength(1);
    expect(said).toEqual([]);
  });

  it('tells the log once that nothing gets through, and once that it does again', async () => {
    const heartbeats = new MemoryHeartbeats();
    heartbeats.reachable = false;
    const { said, beating } = open(heartbeats);
    await once(heartbeats, 'tried');
    await once(heartbeats, 'tried');
    heartbeats.reachable = true;
    await once(heartbeats, 'tried');
    await once(heartbeats, 'tried');
    await beating[Symbol.asyncDispose]();
    expect(said).toEqual([
      'warn: no heartbeat gets through; going on without',
      'info: heartbeats get through again',
    ]);
  });

  it('tells of the beats that got through, and of no other', async () => {
    const heartbeats = new MemoryHeartbeats();
    heartbeats.reachable = false;
    const { through, beating } = open(heartbeats);
    await once(heartbeats, 'tried');
    await once(heartbeats, 'tried');
    heartbeats.reachable = true;
    await once(heartbeats, 'tried');
    await once(heartbeats, 'tried');
    await beating[Symbol.asyncDispose]();
    expect(through.length).toBeGreaterThan(0);
    expect(through).toEqual(heartbeats.beats.map((beat) => beat.figures['asked']));
  });

  it('stops soon though nobody answers', async () => {
    const hung = {
      beat: () => new Promise<void>(() => undefined),
      leave: () => new Promise<void>(() => undefined),
    };
    const { beating, said } = open(hung);
    const before = performance.now();
    await beating[Symbol.asyncDispose]();
    expect(performance.now() - before).toBeLessThan(1_000);
    expect(said).toEqual([]);
  });
});
