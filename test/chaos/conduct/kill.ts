import type { AppSlot } from '../installation/app-slot.ts';
import { until } from '../installation/until.ts';
import type { Kill } from '../plan/action.ts';
import { withRedis } from './redis-turn.ts';
import { pause } from './run-lane.ts';
import type { Stage } from './stage.ts';

/** ms that a kill waits for an import to be active. */
const ACTIVE_LIMIT = 1_500;
/** ms that a kill waits for a process of its class to run. */
const VICTIM_LIMIT = 3_000;
/** ms until every client of a Redis that is back has connected again and BullMQ fetches. */
const RECONNECTED = 1_500;
/** ms that a loop waits at most before it tries again; it waits no longer than what it waits for has lasted. */
const LONGEST_BACKOFF = 5_000;

/** Kills, or freezes for a while, and sees to it that what was killed comes back. Resolves when the victim is hit. */
export async function kill(stage: Stage, action: Kill, running: Set<Promise<void>>): Promise<void> {
  const { watch } = stage;
  if (action.whenActive) await until(() => watch.active > 0 || undefined, ACTIVE_LIMIT);
  const after =
    action.victim === 'redis' ? await hitRedis(stage, action) : await hitApp(stage, action);
  if (after === undefined) {
    stage.tally.add('kills skipped: nobody to kill');
    return;
  }
  const done = after().finally(() => running.delete(done));
  running.add(done);
}

type Aftermath = () => Promise<void>;

async function hitApp(stage: Stage, action: Kill): Promise<Aftermath | undefined> {
  const { victim, signal } = action;
  if (victim === 'redis') return undefined;
  const candidates = await until(() => {
    const running = stage.roster.running(victim);
    return running.length > 0 ? running : undefined;
  }, VICTIM_LIMIT);
  const slot = candidates?.[Math.floor(action.which * candidates.length)];
  if (slot === undefined) return undefined;
  count(stage, action, slot.label);
  if (signal === 'SIGSTOP') {
    slot.freeze();
    return () => thawLater(stage, slot, action.pause);
  }
  const gone = slot.kill(signal, action.pause);
  return async () => {
    await Promise.all([capture(stage, action), gone]);
    // What a process could not give back when it ended in good order is held up like that of a killed one.
    if (signal === 'SIGTERM') await capture(stage, action);
  };
}

async function thawLater(stage: Stage, slot: AppSlot, length: number): Promise<void> {
  const thawed = pause(length, stage.signal);
  await capture(stage, { victim: slot.name });
  await thawed;
  slot.thaw();
  stage.book.note(`SIGCONT ${slot.label}`);
}

async function capture(stage: Stage, { victim }: Pick<Kill, 'victim'>): Promise<void> {
  if (victim !== 'api') await stage.watch.capture();
}

async function hitRedis(stage: Stage, action: Kill): Promise<Aftermath | undefined> {
  const { redis, book, watch } = stage;
  return withRedis(async () => {
    if (!redis.runs) return undefined;
    count(stage, action, 'redis');
    const back = book.open();
    const began = performance.now();
    if (action.signal === 'SIGSTOP') {
      redis.signal('SIGSTOP');
      await pause(action.pause, stage.signal);
      redis.signal('SIGCONT');
    } else {
      await redis.end(action.signal);
      await pause(action.pause, stage.signal);
      await redis.start();
    }
    book.note('redis is back');
    back(recovery(performance.now() - began));
    return () => watch.capture();
  });
}

function count({ tally, watch, book }: Stage, { victim, signal }: Kill, label: string): void {
  tally.add(`kill ${victim} ${signal}`);
  if (watch.active > 0) tally.add('killed while active');
  book.note(`${signal} ${label}, ${watch.active} active`);
}

/** ms until everybody works again after Redis was away for `length` ms. */
export function recovery(length: number): number {
  return RECONNECTED + Math.min(length, LONGEST_BACKOFF);
}
