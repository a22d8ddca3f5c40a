/** What every run of chaos is about: registries, what moves in them, and the streams that follow it. */

/** Two, so that one may be cut off while the other must go on. */
export const REGISTRIES = ['one', 'two'] as const;
export type RegistryName = (typeof REGISTRIES)[number];

export const REPOSITORIES = ['shop/web', 'shop/cart', 'shop/mail'] as const;

/**
 * Tags of every repository, and ms between two moves of each. The slow ones stand long enough that every stay has to be
 * recorded; the fast ones move within one interval and less.
 */
export const PACES = {
  v0: [25_000, 45_000],
  v1: [16_000, 32_000],
  v2: [3_000, 12_000],
  v3: [800, 6_000],
} as const satisfies Record<string, readonly [least: number, most: number]>;
export type VersionTag = keyof typeof PACES;
export const VERSION_TAGS: readonly VersionTag[] = ['v0', 'v1', 'v2', 'v3'];

/** Streams, each with one tag per version tag. */
export const STREAMS: readonly string[] = ['s0', 's1', 's2', 's3', 's4', 's5', 's6', 's7'];
export const NAMESPACE = 'demo';

/** Schedules of the streams in turn: short, so that a run of two minutes holds some fifty looks at each tag. */
export const INTERVALS = [2_000, 3_000] as const;

export function intervalOf(stream: string): number {
  return INTERVALS[STREAMS.indexOf(stream) % INTERVALS.length] ?? INTERVALS[0];
}

/** A tag in a registry. */
export interface Place {
  readonly registry: RegistryName;
  readonly repository: string;
  readonly tag: VersionTag;
}

export const PLACES: readonly Place[] = REGISTRIES.flatMap((registry) =>
  REPOSITORIES.flatMap((repository) => VERSION_TAGS.map((tag) => ({ registry, repository, tag }))),
);
