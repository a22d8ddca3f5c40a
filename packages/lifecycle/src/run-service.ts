import type { Logger } from '@tagtrail/observability';
import { openResources } from './open-resources.ts';
import type { Service } from './service.ts';
import { createStop, type ExitCode, type Stop } from './stop.ts';
import { watchStopWishes } from './stop-wishes.ts';

/** ms for finishing or giving back what was begun. Docker kills after 10 s, and `tagtrail up` stops its children in less. */
const DRAIN_DEADLINE = 4_000;
/** ms that a process may live on after its service is disposed. Long enough for sockets to say goodbye. */
const LINGER_LIMIT = 1_000;
/**
 * ms between the ticks of a timer that only keeps the process: Node ends one that waits for nothing but promises, e.g.
 * between two attempts to connect. It ticks as seldom as a timer can.
 */
const KEEP_ALIVE_INTERVAL = 2 ** 31 - 1;

export interface RunServiceOptions {
  /** What runs, for the log. */
  readonly name: string;
  readonly logger: Logger;
  /** Opens adapters and composes the service; `signal` aborts when the process shall stop before it is open. */
  readonly open: (signal: AbortSignal) => Promise<Service>;
  /** ms; 4 s unless told. */
  readonly drainDeadline?: number;
  /** ms on a clock that never jumps; tests pass their own. */
  readonly now?: () => number;
}

/**
 * Owns the process from opening to exit code: opens the service, runs it until a signal, the parent's end or an uncaught
 * error, and disposes it. Answers 0 after a signal and 1 after a failure, and never throws. When the deadline passes, or a
 * second signal comes later than a doubled Ctrl-C, it ends the process with 1 itself. Call it once, as the last thing.
 */
export async function runService(options: RunServiceOptions): Promise<number> {
  const { name, logger, drainDeadline = DRAIN_DEADLINE, now = () => performance.now() } = options;
  const stop = createStop({ logger, drainDeadline });
  const wishes = watchStopWishes({ logger, stop, now });
  const alive = setInterval(() => undefined, KEEP_ALIVE_INTERVAL);
  const service = await openService(options, stop);
  if (service !== undefined) {
    await runUntilStopped(service, { name, logger, stop });
    await disposeService(service, { name, logger, stop });
  }
  clearInterval(alive);
  wishes.end();
  stop.end();
  logger.info({ exitCode: stop.exitCode }, 'stopped');
  endLingering(logger, stop.exitCode);
  return stop.exitCode;
}

interface Stage {
  readonly name: string;
  readonly logger: Logger;
  readonly stop: Stop;
}

async function openService(options: RunServiceOptions, stop: Stop): Promise<Service | undefined> {
  const { name, logger, open } = options;
  try {
    return await open(stop.signal);
  } catch (error) {
    if (!stop.signal.aborted) {
      logger.error({ code: codeOf(error) }, `${name} cannot start: ${messageOf(error)}`);
      stop.request('cannot start', 1);
    }
    logger.debug({ err: error }, 'where opening ended');
    return undefined;
  }
}

async function runUntilStopped(service: Service, stage: Stage): Promise<void> {
  const { stop, logger } = stage;
  stop.phase = 'running';
  if (stop.signal.aborted) return;
  logger.info('started');
  try {
    await service.run(stop.signal);
    if (!stop.signal.aborted) fail(stage, 'go on', new Error('its work ended unasked'));
  } catch (error) {
    if (!isAbort(error, stop.signal)) fail(stage, 'go on', error);
  }
}

async function disposeService(service: Service, stage: Stage): Promise<void> {
  stage.stop.phase = 'disposing';
  try {
    await service[Symbol.asyncDispose]();
  } catch (error) {
    fail(stage, 'stop cleanly', error);
  }
}

function fail({ name, logger, stop }: Stage, attempt: string, error: unknown): void {
  logger.error({ err: error }, `${name} cannot ${attempt}: ${messageOf(error)}`);
  stop.request(`cannot ${attempt}`, 1);
}

/** A connection tried on several addresses fails with an AggregateError that has no words of its own, only a code. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message || String(codeOf(error) ?? error.name);
}

function codeOf(error: unknown): unknown {
  return error instanceof Error ? (error as { code?: unknown }).code : undefined;
}

/** Work that was cut off by the stop ends in the signal's own reason or in an AbortError made of it. */
function isAbort(error: unknown, signal: AbortSignal): boolean {
  if (!signal.aborted) return false;
  return error === signal.reason || (error instanceof Error && error.name === 'AbortError');
}

/** A connection that somebody forgot to close must not keep a finished process alive; the timer itself doesn't. */
function endLingering(logger: Logger, exitCode: ExitCode): void {
  const end = (): never => {
    logger.warn({ open: openResources() }, 'forced exit: something was left open');
    process.exit(exitCode);
  };
  setTimeout(end, LINGER_LIMIT).unref();
}
