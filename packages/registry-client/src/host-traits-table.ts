import type { HostLessons, LessonStore } from '@tagtrail/registry-ledger';
import { HostTraits } from './host-traits.ts';
import { LruMap } from './lru-map.ts';
import type { RepositoryTarget } from './repository-target.ts';
import type { TransportMode } from './transport/transport-mode.ts';
import { WELL_KNOWN_REGISTRIES } from './well-known-registries.ts';

export interface HostTraitsTableParts {
  /** Hosts that are remembered; the one unused for longest goes first. */
  readonly limit: number;
  readonly now: () => number;
  /** What other processes have learned, and learn from this one. */
  readonly store?: LessonStore | undefined;
  /** By endpoint; holds for verified connections. Default: {@link WELL_KNOWN_REGISTRIES}. */
  readonly seeds?: Readonly<Record<string, HostLessons>> | undefined;
}

/** Traits by mode and host, so that an insecure target's lessons never reach a secure one. */
export class HostTraitsTable {
  readonly #parts: HostTraitsTableParts;
  readonly #hosts: Readonly<Record<TransportMode, LruMap<string, HostTraits>>>;

  constructor(parts: HostTraitsTableParts) {
    this.#parts = parts;
    const table = () => new LruMap<string, HostTraits>(parts.limit);
    this.#hosts = { verified: table(), unverified: table(), plain: table() };
  }

  of({ endpoint }: Pick<RepositoryTarget, 'endpoint'>, mode: TransportMode): HostTraits {
    return this.#hosts[mode].get(endpoint) ?? this.#open(endpoint, mode);
  }

  #open(endpoint: string, mode: TransportMode): HostTraits {
    const { now, store, seeds = WELL_KNOWN_REGISTRIES } = this.#parts;
    const name = `${mode} ${endpoint}`;
    const traits = new HostTraits({
      now,
      place: { mode, endpoint },
      ...(store && { onLearned: (lessons: HostLessons) => void store.write(name, lessons) }),
    });
    // A registry may be called `constructor`.
    const seed = Object.hasOwn(seeds, endpoint) ? seeds[endpoint] : undefined;
    if (seed !== undefined && mode === 'verified') traits.adopt(seed);
    if (store !== undefined) traits.loading = load(traits, store.read(name));
    this.#hosts[mode].set(endpoint, traits);
    return traits;
  }
}

async function load(traits: HostTraits, known: Promise<HostLessons | undefined>): Promise<void> {
  const lessons = await known;
  if (lessons !== undefined) traits.adopt(lessons);
  traits.loading = undefined;
}
