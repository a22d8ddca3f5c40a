import {
  type Action,
  type AppName,
  type Edit,
  type Kill,
  type KillSignal,
  type Move,
  type Planned,
  REGISTRY_TROUBLES,
  type Redefinition,
  type RegistryFault,
  STORE_TROUBLES,
  type StoreFault,
  type Untag,
  type Victim,
} from './action.ts';
import { createDice, type Dice } from './dice.ts';
import {
  PACES,
  PLACES,
  type Place,
  REGISTRIES,
  REPOSITORIES,
  STREAMS,
  VERSION_TAGS,
} from './world.ts';

/** Everything that will be done, lane by lane; lanes run beside each other, the actions of one after each other. */
export interface Plan {
  readonly seed: number;
  /** ms. */
  readonly length: number;
  readonly kills: readonly Planned<Kill>[];
  readonly moves: readonly Planned<Move | Untag>[];
  readonly definitions: readonly Planned<Edit | Redefinition>[];
  readonly registries: readonly Planned<RegistryFault>[];
  readonly stores: readonly Planned<StoreFault>[];
}

/** How often each class dies of what, in one deck; decks are shuffled and played one after the other. */
const DECK: readonly (readonly [Victim, KillSignal])[] = [
  ...signals('api', 'SIGKILL', 'SIGTERM', 'SIGSTOP'),
  ...signals('producer', 'SIGKILL', 'SIGTERM', 'SIGSTOP'),
  ...signals('worker', 'SIGKILL', 'SIGKILL', 'SIGTERM', 'SIGSTOP'),
  ...signals('status-writer', 'SIGKILL', 'SIGKILL', 'SIGTERM', 'SIGSTOP'),
  ['redis', 'SIGKILL'],
  ['redis', 'SIGTERM'],
  ['redis', 'SIGSTOP'],
];

/** ms between two kills. */
const KILL_GAP = [2_200, 3_600] as const;
/** ms that a process stays away or frozen; for Redis less, because nothing at all happens meanwhile. */
const AWAY = [200, 2_500] as const;
const FROZEN = [500, 7_000] as const;
const REDIS_AWAY = [50, 1_500] as const;
/** BullMQ's lock lasts 30 s: a worker frozen for longer loses its jobs to others, and wakes up with them half done. */
const FROZEN_BEYOND_LOCK = [33_000, 38_000] as const;
/** Runs shorter than this have no room for a worker that is frozen beyond its lock. */
const ROOM_FOR_LONG_FREEZE = 60_000;
/** Share of the kills that wait for an import to be active. */
const WHEN_ACTIVE = 0.6;
/** ms at both ends of the storm without a kill: the first imports, and room for the last restart. */
const LEAD_IN = 3_000;

export function makePlan(seed: number, length: number): Plan {
  const lane = (name: string) => createDice(seed, name);
  return {
    seed,
    length,
    kills: planKills(lane('kills'), length),
    moves: PLACES.flatMap((place) =>
      planMoves(lane(`moves of ${place.registry}/${place.repository}:${place.tag}`), place, length),
    ).sort((a, b) => a.at - b.at),
    definitions: spread(lane('definitions'), { gap: [1_500, 4_000], length }, planDefinition),
    registries: spread(lane('registries'), { gap: [6_000, 14_000], length }, planRegistryFault),
    stores: planStores(lane('stores'), length),
  };
}

function signals(victim: AppName, ...kinds: readonly KillSignal[]) {
  return kinds.map((signal) => [victim, signal] as const);
}

function planKills(dice: Dice, length: number): readonly Planned<Kill>[] {
  const kills: Planned<Kill>[] = [];
  let deck: readonly (readonly [Victim, KillSignal])[] = [];
  for (let at = LEAD_IN; at < length; at += dice.between(...KILL_GAP)) {
    if (deck.length === 0) deck = dice.shuffle(DECK);
    const [card, ...rest] = deck;
    deck = rest;
    if (card !== undefined) kills.push({ at, action: planKill(dice, ...card) });
  }
  return length < ROOM_FOR_LONG_FREEZE ? kills : withLongFreeze(dice, kills, length);
}

function planKill(dice: Dice, victim: Victim, signal: KillSignal): Kill {
  const range: readonly [number, number] =
    victim === 'redis' ? REDIS_AWAY : signal === 'SIGSTOP' ? FROZEN : AWAY;
  return {
    kind: 'kill',
    victim,
    signal,
    which: dice.next(),
    whenActive: dice.chance(WHEN_ACTIVE),
    pause: dice.between(...range),
  };
}

function withLongFreeze(
  dice: Dice,
  kills: readonly Planned<Kill>[],
  length: number,
): readonly Planned<Kill>[] {
  const action: Kill = {
    ...planKill(dice, 'worker', 'SIGSTOP'),
    whenActive: true,
    pause: dice.between(...FROZEN_BEYOND_LOCK),
  };
  const at = dice.between(LEAD_IN, length / 2);
  return [...kills, { at, action }].sort((a, b) => a.at - b.at);
}

/** Share of the moves that bring an earlier image back, and that delete the tag until its next move. */
const MOVES_BACK = 0.15;
const UNTAGS = 0.04;

function planMoves(dice: Dice, place: Place, length: number): readonly Planned<Move | Untag>[] {
  const [least, most] = PACES[place.tag];
  return spread(dice, { gap: [least, most], length }, () =>
    dice.chance(UNTAGS)
      ? { kind: 'untag' as const, ...place }
      : { kind: 'move' as const, ...place, back: dice.chance(MOVES_BACK) },
  );
}

function planDefinition(dice: Dice): Edit | Redefinition {
  const stream = dice.pick(STREAMS);
  const pause = dice.between(500, 7_000);
  const lot = dice.next();
  if (lot < 0.15) return { kind: 'label', stream, pause };
  if (lot < 0.3) return { kind: 'suspend', stream, pause };
  if (lot < 0.42) return { kind: 'recreate', stream, pause: dice.chance(0.5) ? 0 : pause };
  if (lot < 0.5) return { kind: 'ask', stream, pause };
  return {
    kind: 'edit',
    stream,
    tag: dice.pick(VERSION_TAGS),
    registry: dice.pick(REGISTRIES),
    repository: dice.pick(REPOSITORIES),
  };
}

function planRegistryFault(dice: Dice): RegistryFault {
  return {
    kind: 'registry',
    registry: dice.pick(REGISTRIES),
    trouble: dice.chance(0.3) ? 'cut' : dice.pick(REGISTRY_TROUBLES),
    pause: dice.between(800, 5_000),
  };
}

/** Each of them once per minute, at a random moment of its part of that minute. */
function planStores(dice: Dice, length: number): readonly Planned<StoreFault>[] {
  const minute = 60_000;
  const part = minute / STORE_TROUBLES.length;
  const planned: Planned<StoreFault>[] = [];
  for (let start = 0; start < length; start += minute) {
    for (const [index, trouble] of dice.shuffle(STORE_TROUBLES).entries()) {
      const at = Math.max(LEAD_IN, start + (index + dice.next()) * part);
      const action = { kind: 'store', trouble, pause: dice.between(500, 3_000) } as const;
      if (at < length) planned.push({ at, action });
    }
  }
  return planned;
}

/** Actions at irregular distances until the end. */
function spread<A extends Action>(
  dice: Dice,
  { gap, length }: { readonly gap: readonly [number, number]; readonly length: number },
  make: (dice: Dice) => A,
): readonly Planned<A>[] {
  const planned: Planned<A>[] = [];
  for (let at = dice.next() * gap[1]; at < length; at += dice.between(...gap)) {
    planned.push({ at, action: make(dice) });
  }
  return planned;
}
