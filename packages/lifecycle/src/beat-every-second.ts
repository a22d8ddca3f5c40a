import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import {
  BEAT_INTERVAL,
  describeError,
  type Heartbeat,
  type Heartbeats,
  type Logger,
  TAGTRAIL_VERSION,
} from '@tagtrail/observability';
import { delay } from './delay.ts';

/** ms to say goodbye in; who cannot counts as missing until the entry is forgotten, which is no reason to stop late. */
const LEAVE_LIMIT = 500;

export interface BeatingParts {
  readonly service: Heartbeat['service'];
  readonly heartbeats: Pick<Heartbeats, 'beat' | 'leave'>;
  /** What there is to tell besides being alive. */
  readonly figures: () => Heartbeat['figures'];
  /** Told of every beat that got through. */
  readonly onBeat?: () => void;
  readonly logger: Pick<Logger, 'warn' | 'info'>;
  /** ms between beats; only tests wait less. */
  readonly interval?: number;
}

/**
 * Says once a second that this process lives, until it is disposed of; then says goodbye. A place that cannot be reached
 * disturbs nobody: the beats go on, and the log hears of it once until one gets through again.
 */
export function beatEverySecond(parts: BeatingParts): AsyncDisposable {
  const { heartbeats } = parts;
  const stop = new AbortController();
  const self = describeSelf(parts);
  void keepBeating(parts, self, stop.signal);
  return {
    async [Symbol.asyncDispose]() {
      if (stop.signal.aborted) return;
      stop.abort();
      const leaving = heartbeats.leave(self().id).catch(() => undefined);
      const ended = new AbortController();
      await Promise.race([leaving, delay(LEAVE_LIMIT, ended.signal)]);
      ended.abort();
    },
  };
}

async function keepBeating(
  { heartbeats, logger, onBeat, interval = BEAT_INTERVAL }: BeatingParts,
  self: () => Heartbeat,
  signal: AbortSignal,
): Promise<void> {
  let silenced = false;
  while (!signal.aborted) {
    try {
      await heartbeats.beat(self());
      onBeat?.();
      if (silenced) logger.info('heartbeats get through again');
      silenced = false;
    } catch (error) {
      if (!silenced && !signal.aborted) {
        logger.warn({ err: describeError(error) }, 'no heartbeat gets through; going on without');
      }
      silenced = true;
    }
    await delay(interval, signal);
  }
}

/** Answers what this process says of itself now. */
function describeSelf({ service, figures }: BeatingParts): () => Heartbeat {
  const fixed = {
    service,
    id: randomUUID(),
    host: hostname(),
    version: TAGTRAIL_VERSION,
    pid: process.pid,
    startedAt: Math.round(Date.now() - process.uptime() * 1_000),
  };
  let usedBefore = cpuTime();
  let askedBefore = performance.now();
  let cpuShare = 0;
  return () => {
    const [used, asked] = [cpuTime(), performance.now()];
    if (asked > askedBefore) cpuShare = (used - usedBefore) / (asked - askedBefore);
    [usedBefore, askedBefore] = [used, asked];
    const memoryBytes = process.memoryUsage.rss();
    return { ...fixed, sentAt: Date.now(), memoryBytes, cpuShare, figures: figures() };
  };
}

/** ms of one core that this process has used. */
function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
