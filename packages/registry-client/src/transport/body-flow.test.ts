import { describe, expect, it } from 'vitest';
import { BodyFlow } from './body-flow.ts';

const CHUNK = Buffer.from('abc');

/** A flow to a receiver whose chunks are taken one by one, and what it does to its connection. */
function flowForTest() {
  const told: string[] = [];
  const taking: PromiseWithResolvers<void>[] = [];
  const receiver = {
    take: () => {
      const taken = Promise.withResolvers<void>();
      taking.push(taken);
      return taken.promise;
    },
    end: () => void told.push('end'),
  };
  const controller = {
    pause: () => void told.push('pause'),
    resume: () => void told.push('resume'),
  };
  const flow = new BodyFlow(receiver, controller, (error) => void told.push(`failed: ${error}`));
  const take = async (at: number) => {
    taking[at]?.resolve();
    await taking[at]?.promise;
  };
  return { flow, told, take, taking };
}

describe('BodyFlow', () => {
  it('reads on when everything under way has been taken', async () => {
    const { flow, told, take } = flowForTest();
    flow.push(CHUNK);
    flow.push(CHUNK);
    await take(0);
    expect(told).toEqual(['pause', 'pause']);
    await take(1);
    expect(told).toEqual(['pause', 'pause', 'resume']);
    expect(flow.size).toBe(6);
  });

  it('is over when the last chunk has been taken, and then leaves the connection alone', async () => {
    const { flow, told, take } = flowForTest();
    flow.push(CHUNK);
    flow.end(() => void told.push('over'));
    expect(told).toEqual(['pause', 'end']);
    await take(0);
    expect(told).toEqual(['pause', 'end', 'over']);
  });

  it('tells what the receiver failed of, and does not read on', async () => {
    const { flow, told, taking } = flowForTest();
    flow.push(CHUNK);
    taking[0]?.reject(new Error('full'));
    await taking[0]?.promise.catch(() => {});
    expect(told).toEqual(['pause', 'failed: Error: full']);
  });
});
