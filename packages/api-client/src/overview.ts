import { unintelligible } from './api-error.ts';
import type { QueueCounts } from './wire-objects.ts';

/*
 * What one installation does right now, as `GET /apis/tagtrail.dev/v1/overview` answers it and as its events carry it.
 * Durations and ages are in ms, `…At` and `due` in ms since the epoch, unless a name says otherwise.
 */

/** What a process says of itself once a second. */
export interface ServiceBeat {
  readonly service: 'api' | 'producer' | 'worker' | 'status-writer' | 'registry';
  /** Names one run of one process. */
  readonly id: string;
  /** Machine or container that it runs on. */
  readonly host: string;
  readonly version: string;
  readonly pid: number;
  readonly startedAt: number;
  readonly sentAt: number;
  /** Resident set size. */
  readonly memoryBytes: number;
  /** Share of one core used since the beat before. */
  readonly cpuShare: number;
  /** Numbers of this kind of service, such as a worker's `looksPerSecond`; one that is not known is absent. */
  readonly figures: Readonly<Record<string, number>>;
}

/** A process, with what the API makes of its beats. */
export interface OverviewService extends ServiceBeat {
  /** It stopped beating without saying goodbye. */
  readonly missing: boolean;
  /** Since its last beat. */
  readonly beatAgeMs: number;
}

/** The earliest due tag that no job has taken. */
export interface OldestDueTag {
  readonly key: { readonly namespace: string; readonly name: string; readonly tag: string };
  /** Registry host. */
  readonly host: string;
  readonly due: number;
}

/** A registry that asked to be left alone, and is. */
export interface OverviewCoolDown {
  /** Registry host. */
  readonly host: string;
  readonly until: number;
  /** For people. */
  readonly reason: string;
}

export interface OverviewSchedule {
  readonly scheduled: number;
  readonly due: number;
  readonly leased: number;
  /** By how much the earliest due tag is late that no job has taken, of registries that may be asked; 0 when none is. */
  readonly lag: number;
  /** Those that end first come first. Absent from older APIs. */
  readonly coolDowns?: readonly OverviewCoolDown[];
  readonly hosts: readonly {
    readonly host: string;
    readonly scheduled: number;
    readonly due: number;
    readonly leased: number;
  }[];
  readonly oldest?: OldestDueTag;
}

/** Whether another worker process would speed anything up. */
export interface OneMoreWorker {
  /** The answer in words, with its reason. */
  readonly text: string;
  readonly looksPerSecondNow: number;
  /** Jobs in hand per place for one, over all live workers: from 0 to 1. */
  readonly busyShare: number;
  readonly helps: boolean;
}

/** Something that is wrong, and what to do. */
export interface OverviewProblem {
  /** A service, the id of a process, or what else it is about: `schedule`, `queue`, `results`, `redis`. */
  readonly about: string;
  /** Without a full stop, as a part of a sentence. */
  readonly problem: string;
  readonly remedy: string;
}

/** What one installation does right now. */
export interface Overview {
  /** RFC 3339 with ms. */
  readonly at: string;
  readonly queue: QueueCounts;
  /** Imports that somebody waits for. */
  readonly requested: QueueCounts;
  readonly results: {
    /** Not read by a writer yet; -1 when the server cannot say. */
    readonly lag: number;
    /** Read by a writer and not recorded yet. */
    readonly pending: number;
    readonly deadLetters: number;
  };
  readonly schedule: OverviewSchedule;
  /** Looks that ended, failed ones included; sum over the live workers. */
  readonly completedPerSecond: number;
  /** Those of them that failed. */
  readonly failedPerSecond: number;
  /** From the due time of a look that found a new digest to its record, over the last minutes; absent without any. */
  readonly detectionLag?: {
    readonly p50Ms: number;
    readonly p99Ms: number;
    readonly moves: number;
  };
  /** Tags by the outcome of their last look: `imported`, `unchanged`, `never`, or the reason of the failure. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Tags by how fresh they are: Fresh, Stale, Failing, Blocked, Never; one may count twice. Absent from older APIs. */
  readonly freshness?: Readonly<Record<string, number>>;
  readonly services: readonly OverviewService[];
  /** Services of which no process is known to live. */
  readonly missing: readonly string[];
  readonly oneMoreWorker: OneMoreWorker;
  readonly redis?: {
    readonly usedBytes: number;
    /** 0 = unlimited. */
    readonly maxBytes: number;
    /** Memory of the machine that Redis runs on; absent where it does not tell. */
    readonly systemBytes?: number;
  };
  /** Worst first; empty when all is well. Failing registries are theirs, not the installation's. */
  readonly problems: readonly OverviewProblem[];
}

/** The overview of one second, in few numbers; what charts are drawn from. */
export interface OverviewSample {
  readonly at: number;
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
  readonly failed: number;
  readonly completedPerSecond: number;
  readonly oldestWaitMs: number;
  readonly dueLagMs: number;
  readonly resultsBacklog: number;
  readonly detectionLagP50Ms?: number;
  readonly detectionLagP99Ms?: number;
}

/** Payload of `event: history`. */
export interface OverviewHistory {
  /** Oldest first. */
  readonly samples: readonly OverviewSample[];
}

/** Payload of `event: move`: a tag points to something else than before. */
export interface OverviewMove {
  readonly namespace: string;
  readonly name: string;
  readonly tag: string;
  /** Digest, or pull spec of a reference tag; null when the tag had none. */
  readonly from: string | null;
  readonly to: string;
  /** RFC 3339. */
  readonly at: string;
}

/** Payload of `event: trouble`: there is no overview of this second, and why. */
export interface OverviewTrouble {
  readonly message: string;
}

/** Parts of an Overview that readers look into, with what each must be. */
const PARTS = {
  at: 'string',
  queue: 'object',
  requested: 'object',
  results: 'object',
  schedule: 'object',
  completedPerSecond: 'number',
  failedPerSecond: 'number',
  outcomes: 'object',
  services: 'list',
  missing: 'list',
  oneMoreWorker: 'object',
  problems: 'list',
} as const;

/**
 * The overview in parsed JSON. Throws ApiError when parts are missing or of another kind: an older API, or something
 * else behind the address. What is inside the parts is taken as it is.
 */
export function decodeOverview(value: unknown): Overview {
  if (kindOf(value) !== 'object') throw unintelligible('the overview is not an object');
  const given = value as Readonly<Record<string, unknown>>;
  for (const [part, kind] of Object.entries(PARTS)) {
    if (kindOf(given[part]) === kind) continue;
    throw unintelligible(`the API answered an overview without ${part}; is it of another version?`);
  }
  return value as Overview;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'list' : typeof value;
}
