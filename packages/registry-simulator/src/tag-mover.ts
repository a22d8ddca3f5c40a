import { setTimeout as wait } from 'node:timers/promises';
import { checkNames } from './content/names.ts';
import type { MultiPlatformImage, SingleImage } from './image/image-spec.ts';
import type { RegistrySimulator } from './registry-simulator.ts';
import type { Random } from './seeded-random.ts';
import { createRandom } from './seeded-random.ts';

/** A tag to move now and then. */
export interface TagMoverTarget {
  readonly repository: string;
  readonly tag: string;
  /**
   * What to push each time, a plain image unless told. A seed in it would make it the same each
   * time.
   */
  readonly image?: Omit<SingleImage, 'seed'> | Omit<MultiPlatformImage, 'seed'>;
}

export interface TagMoverOptions {
  readonly targets: readonly TagMoverTarget[];
  /** Mean time between two pushes, ms. */
  readonly every: number;
  /** Of the intervals; 1 unless told. */
  readonly seed?: number;
}

/**
 * Intervals differ by up to this share of their mean, so that nothing falls into step with them.
 */
const IRREGULARITY = 0.25;

/**
 * The conductor of a demo: pushes to one target after another, the first after one interval, until
 * disposed. Throws SimulatorError `InvalidName` for a target that no registry would take.
 */
export function createTagMover(
  simulator: Pick<RegistrySimulator, 'push'>,
  options: TagMoverOptions,
): AsyncDisposable {
  for (const { repository, tag } of options.targets) checkNames(repository, tag);
  const stop = new AbortController();
  const moving = moveTags(simulator, options, stop.signal);
  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await moving;
    },
  };
}

async function moveTags(
  simulator: Pick<RegistrySimulator, 'push'>,
  { targets, every, seed = 1 }: TagMoverOptions,
  signal: AbortSignal,
): Promise<void> {
  const random = createRandom(seed);
  for (let turn = 0; targets.length > 0; turn += 1) {
    // The only rejection is the abort.
    await wait(interval(every, random), undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    const target = targets[turn % targets.length];
    if (target) simulator.push(target.repository, target.tag, target.image);
  }
}

function interval(every: number, random: Random): number {
  return every * (1 + IRREGULARITY * (2 * random() - 1));
}
