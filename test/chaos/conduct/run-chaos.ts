import type { Fault, Outage, Verdict } from '../judge/facts.ts';
import { createDice } from '../plan/dice.ts';
import { makePlan } from '../plan/make-plan.ts';
import { REGISTRIES, REPOSITORIES, STREAMS } from '../plan/world.ts';
import { changeDefinition } from './change-definitions.ts';
import { judge } from './judge.ts';
import { kill } from './kill.ts';
import { moveTag, pushAll } from './move-tags.ts';
import { runLane } from './run-lane.ts';
import { settle } from './settle.ts';
import { openStage, registryOf, type Stage } from './stage.ts';
import { StreamDesk } from './stream-desk.ts';
import type { Tally } from './tally.ts';
import { troubleRegistry } from './trouble-registry.ts';
import { troubleStore } from './trouble-store.ts';
import { Watcher } from './watcher.ts';

export interface ChaosOptions {
  readonly seed: number;
  /** ms of the storm. */
  readonly length: number;
  readonly signal: AbortSignal;
  /** Folder for the logs of all processes. */
  readonly logs?: string | undefined;
  readonly say: (line: string) => void;
}

export interface ChaosReport {
  readonly seed: number;
  readonly length: number;
  readonly tally: Tally;
  readonly verdicts: readonly Verdict[];
  /** What was done, and whom it excuses until when; ms since the epoch. */
  readonly faults: readonly Fault[];
  readonly outages: readonly Outage[];
  /** True when somebody ended it before its time; then nothing was judged. */
  readonly aborted: boolean;
}

/** ms between two lines of progress. */
const PROGRESS = 10_000;
const WATCHERS = 3;
/** ms between two looks at the clock, and how late one may be before the machine counts as standing still. */
const TICK = 100;
const STANDSTILL = 400;

/** One run: opens an installation, storms, lets it come to rest, and judges what is left. */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const { seed, length, signal, say } = options;
  await using stack = new AsyncDisposableStack();
  const stage = await openStage(stack, options);
  const desk = createDesk(stage, seed);
  pushAll(stage);
  for (const stream of STREAMS) await desk.create(stream);
  const watchers = Array.from({ length: WATCHERS }, (_, index) => {
    const client = stage.clients[index % stage.clients.length];
    if (client === undefined) throw new RangeError('no api');
    const watcher = new Watcher(`watcher ${index + 1}`, client, stage.tally);
    stack.defer(() => watcher.stop());
    return watcher;
  });
  const progress = setInterval(() => say(progressLine(stage)), PROGRESS);
  stack.defer(() => clearInterval(progress));
  const standstills = watchStandstills(stage);
  stack.defer(() => clearInterval(standstills));
  await storm(stage, desk, makePlan(seed, length));
  const report = (verdicts: readonly Verdict[]): ChaosReport => {
    const { tally, book } = stage;
    const outages = book.outages(Date.now());
    return { seed, length, tally, verdicts, faults: book.faults, outages, aborted: signal.aborted };
  };
  if (signal.aborted) return report([]);
  say('the storm is over; waiting until everything has come to rest');
  const late = await settle(stage, desk, watchers);
  if (signal.aborted) return report([]);
  return report(await judge(stage, { desk, watchers, late }));
}

async function storm(stage: Stage, desk: StreamDesk, plan: ReturnType<typeof makePlan>) {
  const lane = { start: performance.now(), signal: stage.signal };
  const running = new Set<Promise<void>>();
  const ends = await Promise.allSettled([
    runLane(plan.kills, (action) => kill(stage, action, running), lane),
    runLane(plan.moves, (action) => moveTag(stage, action), lane),
    runLane(plan.definitions, (action) => changeDefinition(stage, desk, action), lane),
    runLane(plan.registries, (action) => troubleRegistry(stage, action), lane),
    runLane(plan.stores, (action) => troubleStore(stage, action), lane),
  ]);
  await Promise.allSettled(running);
  for (const slot of stage.roster.slots) slot.thaw();
  await stage.redis.start();
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed !== undefined && !stage.signal.aborted) throw failed.reason;
}

function createDesk(stage: Stage, seed: number): StreamDesk {
  const dice = createDice(seed, 'first sources');
  return new StreamDesk({
    clients: stage.clients,
    tally: stage.tally,
    sourceOf: (_, tag) => {
      const { gate } = registryOf(stage, dice.pick(REGISTRIES));
      return `${gate.host}/${dice.pick(REPOSITORIES)}:${tag}`;
    },
  });
}

/** A machine that does nothing for a while looks at no tags either. */
function watchStandstills({ book, tally }: Stage): NodeJS.Timeout {
  let last = Date.now();
  return setInterval(() => {
    const now = Date.now();
    if (now - last > STANDSTILL) {
      book.add({ scope: '*', from: last, to: now });
      tally.add('standstills of this machine');
    }
    last = now;
  }, TICK);
}

function progressLine({ tally, watch, roster, book }: Stage): string {
  const running = roster.slots.filter(({ state }) => state === 'running').length;
  return [
    `${tally.sum('kill ')} kills (${tally.of('killed while active')} while active)`,
    `${tally.of('moves')} moves`,
    `${watch.log.length} changes`,
    `${running} of ${roster.slots.length} processes run`,
    `${book.faults.length} faults and edits`,
  ].join(', ');
}
