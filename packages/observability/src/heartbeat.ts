/** The kinds of processes that an installation is made of. */
export const SERVICES = ['api', 'producer', 'worker', 'status-writer', 'registry'] as const;

/** Those without which nothing is looked at or recorded; the registry is there for who wants to pull through it. */
export const NEEDED_SERVICES: readonly ServiceName[] = [
  'api',
  'producer',
  'worker',
  'status-writer',
];

export type ServiceName = (typeof SERVICES)[number];

/** ms between the beats of a process. */
export const BEAT_INTERVAL = 1_000;
/** ms without a beat after which a process counts as missing: two lost beats are a hiccup, three are not. */
export const MISSING_AFTER = 3_000;
/** ms without a beat after which a missing process is forgotten: long enough that somebody sees which one is gone. */
export const FORGOTTEN_AFTER = 600_000;

/** What a process says of itself once a second. */
export interface Heartbeat {
  readonly service: ServiceName;
  /** Names one run of one process. */
  readonly id: string;
  /** Machine or container that it runs on. */
  readonly host: string;
  readonly version: string;
  readonly pid: number;
  /** ms since the epoch. */
  readonly startedAt: number;
  /** ms since the epoch. */
  readonly sentAt: number;
  /** Resident set size. */
  readonly memoryBytes: number;
  /** Share of one core used since the beat before. */
  readonly cpuShare: number;
  /** Numbers of this kind of service; one that is not known is absent. */
  readonly figures: Readonly<Record<string, number>>;
}

/** PORT. Where processes say that they live. Every method rejects when the place cannot be reached. */
export interface Heartbeats extends AsyncDisposable {
  beat(heartbeat: Heartbeat): Promise<void>;
  /** The last beat of every process, missing ones included until they are forgotten. `now` in ms since the epoch. */
  list(now: number): Promise<readonly Heartbeat[]>;
  /** Takes a process away that ends in good order. */
  leave(id: string): Promise<void>;
}

/** Whether a process stopped beating without leaving. `now` in ms since the epoch. */
export function isMissing({ sentAt }: Pick<Heartbeat, 'sentAt'>, now: number): boolean {
  return now - sentAt >= MISSING_AFTER;
}
