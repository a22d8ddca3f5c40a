import type { CapacityCosts } from './measured-costs.ts';

/** What somebody wants to run. */
export interface CapacityWish {
  readonly tags: number;
  /** ms between two looks at a tag. */
  readonly interval: number;
  /** Registries that the tags are on, with about as many each. */
  readonly hosts: number;
  /** Share of the tags that move in a day. */
  readonly movesPerDay: number;
  /** ms that a registry takes to answer. */
  readonly latency: number;
  /** Bytes of an image's documents in Redis; undefined takes the measured ones. */
  readonly imageBytes?: number;
}

export interface CapacityPlan {
  readonly checksPerSecond: number;
  /** Processes, each at most 70 % busy. */
  readonly producers: number;
  readonly workers: number;
  readonly statusWriters: number;
  /** Share of one core that Redis uses: it has no second one. */
  readonly redisCpuShare: number;
  readonly redisMemory: {
    readonly tags: number;
    readonly images: number;
    readonly changeLog: number;
    readonly queue: number;
    /** For pages that are copied while the append-only file is rewritten. */
    readonly headroom: number;
    readonly total: number;
    /** Histories and images that moves add; nothing takes them away but the deletion of their stream. */
    readonly growthPerDay: number;
  };
  readonly aofBytesPerDay: number;
  readonly requestsPerSecond: number;
  readonly requestsPerSecondPerHost: number;
  /** Requests on their way at once per registry. */
  readonly inFlightPerHost: number;
  readonly warnings: readonly string[];
}

const DAY = 86_400_000;
/** A process that is busier has no room for what comes all at once. */
const MOST_BUSY = 0.7;
/** Defaults of `import.concurrency`, `import.perHost` and `import.highWater`. */
const CONCURRENCY = 64;
const PER_HOST = 32;
const HIGH_WATER = 5_000;
/** What the change log holds at most, in entries; Redis keeps them in about as many bytes. */
const CHANGE_LOG_BYTES = 64 * 1024 * 1024;
/** Of the data: every page may be written to while a rewrite goes on, but in its few seconds half of them is much. */
const REWRITE_HEADROOM = 0.5;

/** What it takes to look at so many tags so often, from what single looks cost. Pure. */
export function planCapacity(wish: CapacityWish, costs: CapacityCosts): CapacityPlan {
  const checks = wish.tags / (wish.interval / 1_000);
  const moves = (wish.tags * wish.movesPerDay) / (DAY / 1_000);
  const { cpuMsPer1000Checks: perCheck, cpuMsPer1000Moves: perMove } = costs;
  const busy = (ofChecks: number, ofMoves = 0) => (checks * ofChecks + moves * ofMoves) / 1e6;
  const requests = checks * costs.requestsPerCheck + moves * costs.requestsPerMove;
  const inFlight = (requests * wish.latency) / 1_000;
  const plan = {
    checksPerSecond: checks,
    producers: processes(busy(perCheck.producer)),
    workers: Math.max(processes(busy(perCheck.worker)), Math.ceil(inFlight / CONCURRENCY)),
    statusWriters: processes(busy(perCheck.statusWriter, perMove.statusWriter)),
    redisCpuShare: busy(perCheck.redis, perMove.redis),
    redisMemory: planMemory(wish, costs),
    aofBytesPerDay: Math.round(
      (checks * costs.aofBytesPerCheck + moves * costs.aofBytesPerMove) * (DAY / 1_000),
    ),
    requestsPerSecond: requests,
    requestsPerSecondPerHost: requests / wish.hosts,
    inFlightPerHost: inFlight / wish.hosts,
  };
  return { ...plan, warnings: warningsOf(plan) };
}

/** At least one, each at most MOST_BUSY of a core. */
function processes(cores: number): number {
  return Math.max(1, Math.ceil(cores / MOST_BUSY));
}

function planMemory(wish: CapacityWish, costs: CapacityCosts): CapacityPlan['redisMemory'] {
  const { redisBytesPerTag, redisBytesPerImage, redisBytesPerEvent, redisBytesPerQueuedJob } =
    costs;
  const imageBytes = wish.imageBytes ?? redisBytesPerImage;
  const parts = {
    tags: wish.tags * redisBytesPerTag,
    images: wish.tags * imageBytes,
    changeLog: CHANGE_LOG_BYTES,
    queue: Math.min(wish.tags, HIGH_WATER) * redisBytesPerQueuedJob,
  };
  const held = parts.tags + parts.images + parts.changeLog + parts.queue;
  const headroom = Math.round(held * REWRITE_HEADROOM);
  const growthPerDay = Math.round(wish.tags * wish.movesPerDay * (imageBytes + redisBytesPerEvent));
  return { ...parts, headroom, total: held + headroom, growthPerDay };
}

function warningsOf(plan: Omit<CapacityPlan, 'warnings'>): readonly string[] {
  const { inFlightPerHost, redisCpuShare } = plan;
  const warnings: string[] = [];
  if (inFlightPerHost > PER_HOST) {
    warnings.push(
      `${Math.ceil(inFlightPerHost)} requests would be on their way to each registry at once, and import.perHost allows ${PER_HOST}: raise it if the registries bear that, or look less often`,
    );
  }
  if (redisCpuShare > MOST_BUSY) {
    warnings.push(
      `Redis would use ${Math.round(redisCpuShare * 100)} % of the one core that it has: look less often, or share the tags out over ${Math.ceil(redisCpuShare / MOST_BUSY)} installations`,
    );
  }
  return warnings;
}
