import { describe, expect, it } from 'vitest';
import type { CapacityCosts } from './measured-costs.ts';
import { MEASURED_COSTS } from './measured-costs.ts';
import { type CapacityWish, planCapacity } from './plan-capacity.ts';

const MINUTE = 60_000;
/** Round figures, so that a reader can follow. */
const COSTS: CapacityCosts = {
  cpuMsPer1000Checks: { producer: 100, worker: 1_000, statusWriter: 200, redis: 400 },
  cpuMsPer1000Moves: { statusWriter: 1_000, redis: 500 },
  requestsPerCheck: 1,
  requestsPerMove: 2,
  redisBytesPerTag: 1_000,
  redisBytesPerImage: 2_000,
  redisBytesPerEvent: 300,
  redisBytesPerQueuedJob: 900,
  aofBytesPerCheck: 2_000,
  aofBytesPerMove: 5_000,
};
const WISH: CapacityWish = {
  tags: 60_000,
  interval: 10 * MINUTE,
  hosts: 1,
  movesPerDay: 0,
  latency: 100,
};
const plan = (changes: Partial<CapacityWish> = {}) => planCapacity({ ...WISH, ...changes }, COSTS);

describe('planCapacity', () => {
  it('looks at every tag once in an interval', () => {
    expect(plan().checksPerSecond).toBe(100);
    expect(plan({ interval: MINUTE }).checksPerSecond).toBe(1_000);
  });

  it('keeps every process at 70 % of a core, and has one of each at least', () => {
    // 1,000 checks a second: 1.0 core of workers, 0.2 of status writers, 0.1 of producers.
    expect(plan({ interval: MINUTE })).toMatchObject({
      workers: 2,
      statusWriters: 1,
      producers: 1,
      redisCpuShare: 0.4,
    });
    expect(plan({ tags: 1 })).toMatchObject({ workers: 1, statusWriters: 1, producers: 1 });
  });

  it('wants workers enough for the requests that a slow registry leaves on their way', () => {
    // 100 requests a second of 2 s each are 200 at once, 64 of them a worker.
    expect(plan({ latency: 2_000 })).toMatchObject({ workers: 4, inFlightPerHost: 200 });
    expect(plan({ latency: 2_000, hosts: 10 })).toMatchObject({ workers: 4, inFlightPerHost: 20 });
  });

  it('adds up what Redis holds, with room to rewrite its log', () => {
    const { redisMemory: memory } = plan();
    expect(memory).toMatchObject({
      tags: 60_000_000,
      images: 120_000_000,
      changeLog: 67_108_864,
      queue: 4_500_000,
    });
    const held = memory.tags + memory.images + memory.changeLog + memory.queue;
    expect(memory.headroom).toBe(held / 2);
    expect(memory.total).toBe(held * 1.5);
  });

  it('has no more jobs in the queue than there are tags', () => {
    expect(plan({ tags: 10 }).redisMemory.queue).toBe(9_000);
  });

  it('takes the size of an image from whoever knows it', () => {
    expect(plan({ imageBytes: 5_000 }).redisMemory.images).toBe(300_000_000);
  });

  it('counts what moves add: history, requests, file', () => {
    const still = plan();
    const moving = plan({ movesPerDay: 0.1 });
    expect(moving.redisMemory.growthPerDay).toBe(6_000 * 2_300);
    expect(moving.aofBytesPerDay - still.aofBytesPerDay).toBe(6_000 * 5_000);
    expect((moving.requestsPerSecond - still.requestsPerSecond) * 86_400).toBeCloseTo(12_000);
    expect(still.aofBytesPerDay).toBe(100 * 86_400 * 2_000);
  });

  it('shares the requests out over the registries', () => {
    expect(plan({ hosts: 4 })).toMatchObject({
      requestsPerSecond: 100,
      requestsPerSecondPerHost: 25,
    });
  });

  it('warns of a registry that would need more at once than import.perHost', () => {
    expect(plan({ latency: 320 }).warnings).toEqual([]);
    expect(plan({ latency: 330 }).warnings).toEqual([
      '33 requests would be on their way to each registry at once, and import.perHost allows 32: raise it if the registries bear that, or look less often',
    ]);
  });

  it('warns of a Redis that one core is too little for', () => {
    expect(plan({ interval: 20_000, hosts: 1_000 }).warnings).toEqual([
      'Redis would use 120 % of the one core that it has: look less often, or share the tags out over 2 installations',
    ]);
  });

  it('asks for more of everything when there are more tags', () => {
    const few = planCapacity(WISH, MEASURED_COSTS);
    const many = planCapacity({ ...WISH, tags: 10 * WISH.tags }, MEASURED_COSTS);
    expect(many.checksPerSecond).toBe(10 * few.checksPerSecond);
    expect(many.workers).toBeGreaterThan(few.workers);
    expect(many.redisMemory.total).toBeGreaterThan(few.redisMemory.total);
    expect(many.aofBytesPerDay).toBeGreaterThan(few.aofBytesPerDay);
  });
});
