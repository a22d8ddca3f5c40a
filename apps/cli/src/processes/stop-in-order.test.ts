import { describe, expect, it } from 'vitest';
import { type Stoppable, stopInOrder } from './stop-in-order.ts';

/** Records what is done to it; ends on terminate unless it is stubborn. */
function actor(name: string, log: string[], stubborn = false): Stoppable {
  const { promise, resolve } = Promise.withResolvers<void>();
  const end = (how: string) => {
    log.push(`${how} ${name}`);
    if (how === 'kill' || !stubborn) resolve();
  };
  return { name, ended: promise, terminate: () => end('terminate'), kill: () => end('kill') };
}

describe('stopInOrder', () => {
  it('asks one stage after the other has ended', async () => {
    const log: string[] = [];
    const stages = [
      [actor('producer', log), actor('simulator', log)],
      [actor('worker', log)],
      [actor('api', log)],
    ];
    expect(await stopInOrder(stages, { killAfter: 60_000 })).toEqual([]);
    expect(log).toEqual([
      'terminate producer',
      'terminate simulator',
      'terminate worker',
      'terminate api',
    ]);
  });

  it('goes on without a straggler, and kills it in the end', async () => {
    const log: string[] = [];
    const stages = [[actor('worker', log, true)], [actor('api', log)]];
    expect(await stopInOrder(stages, { killAfter: 40 })).toEqual(['worker']);
    expect(log).toEqual(['terminate worker', 'terminate api', 'kill worker']);
  });

  it('kills at once what still runs when the user insists', async () => {
    const log: string[] = [];
    const force = AbortSignal.abort();
    const stages = [[actor('worker', log, true)], [actor('api', log, true)]];
    expect(await stopInOrder(stages, { killAfter: 60_000, force })).toEqual(['worker', 'api']);
  });

  it('has nothing to do for nothing', async () => {
    expect(await stopInOrder([], { killAfter: 10 })).toEqual([]);
  });
});
