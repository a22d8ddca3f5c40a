import type { Fault } from '@tagtrail/registry-simulator';
import type { RegistryFault, RegistryTrouble } from '../plan/action.ts';
import { pause } from './run-lane.ts';
import { registryOf, type Stage } from './stage.ts';

/** ms that looks which began in the trouble may still take to fail. */
const AFTERMATH = 2_500;

const FAULTS: Readonly<Record<Exclude<RegistryTrouble, 'cut'>, Fault>> = {
  hang: { hang: true },
  slow: { latency: 1_200 },
  unavailable: { status: 503 },
  'too-many-requests': { status: 429, retryAfter: 1 },
  reset: { reset: true },
  garbage: { garbageBody: true },
  'wrong-digest': { wrongDigestHeader: true },
  'no-digest': { noDigestHeader: true },
  'head-refused': { headStatus: 405 },
};

/** Makes a registry misbehave, or cuts the wire to it, for a while. */
export async function troubleRegistry(stage: Stage, action: RegistryFault): Promise<void> {
  const { trouble, registry: name } = action;
  const { simulator, gate } = registryOf(stage, name);
  const { book, tally, signal } = stage;
  tally.add(`registry ${trouble}`);
  book.note(`registry ${gate.host}: ${trouble} for ${Math.round(action.pause)} ms`);
  const over = book.open(gate.host);
  if (trouble === 'cut') {
    await gate.cut();
    await pause(action.pause, signal);
    await gate.restore();
  } else {
    const rule = simulator.faults.set({ probability: 1 }, FAULTS[trouble]);
    await pause(action.pause, signal);
    rule[Symbol.dispose]();
  }
  over(AFTERMATH);
}
