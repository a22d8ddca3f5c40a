import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { createBareUser } from './bare-user.ts';
import { AT_ONCE, type RegistryPlace, type RegistryUser } from './registry-user.ts';
import { answerQuestions } from './script-child.ts';
import { createTagtrailUser } from './tagtrail-user.ts';

export type Work = 'check' | 'import';
export type Side = 'tagtrail' | 'bare';

/** One turn of one side at one registry. */
export interface TurnOrder {
  readonly side: Side;
  readonly place: RegistryPlace;
  readonly work: Work;
  readonly count: number;
}

/** What a turn took. */
export interface Turn {
  readonly count: number;
  /** CPU seconds of the whole process that asked. */
  readonly cpu: number;
  /** s. */
  readonly wall: number;
}

const CREATE: Readonly<Record<Side, (place: RegistryPlace) => RegistryUser>> = {
  tagtrail: createTagtrailUser,
  bare: createBareUser,
};
/** By host: users keep their connections between turns. */
const users = new Map<string, RegistryUser>();

function userOf({ side, place }: TurnOrder): RegistryUser {
  const known = users.get(place.host);
  if (known !== undefined) return known;
  const { certificate } = place;
  if (certificate !== undefined) {
    setDefaultCACertificates([...getCACertificates(), certificate]);
  }
  const user = CREATE[side](place);
  users.set(place.host, user);
  return user;
}

answerQuestions(async (order: TurnOrder): Promise<Turn> => {
  const user = userOf(order);
  const start = performance.now();
  const before = process.cpuUsage();
  await many(order, user);
  const { user: own, system } = process.cpuUsage(before);
  const wall = (performance.now() - start) / 1_000;
  return { count: order.count, cpu: (own + system) / 1e6, wall };
});

/** Asks for the repositories in turn, `AT_ONCE` at a time. */
async function many({ place, work, count }: TurnOrder, user: RegistryUser): Promise<void> {
  const { repositories } = place;
  let next = 0;
  const lane = async () => {
    while (next < count) {
      const repository = repositories[next % repositories.length] ?? '';
      next += 1;
      await user[work](repository);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}
