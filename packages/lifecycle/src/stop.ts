import type { Logger } from '@tagtrail/observability';
import { openResources } from './open-resources.ts';

/** How a process ends: 0 when it was asked to, 1 when something broke. */
export type ExitCode = 0 | 1;

export interface StopOptions {
  readonly logger: Logger;
  /** ms from the first request to the forced exit. */
  readonly drainDeadline: number;
}

/** One orderly stop of the process, asked for once however many ask, and cut off when it takes too long. */
export interface Stop {
  /** Aborts with the first request. */
  readonly signal: AbortSignal;
  /** 1 as soon as one request was for a failure. */
  readonly exitCode: ExitCode;
  /** What is being waited for; named when the deadline passes. */
  phase: string;
  /** Asks for the stop and starts the deadline; later requests can only worsen the exit code. */
  request(why: string, exitCode: ExitCode): void;
  /** Ends the process with 1 at once. */
  force(why: string): never;
  /** Takes the deadline back: everything has stopped. */
  end(): void;
}

export function createStop({ logger, drainDeadline }: StopOptions): Stop {
  const controller = new AbortController();
  let deadline: NodeJS.Timeout | undefined;
  const stop: Stop & { exitCode: ExitCode } = {
    signal: controller.signal,
    exitCode: 0,
    phase: 'opening',
    request(why, exitCode) {
      if (exitCode === 1) stop.exitCode = 1;
      if (controller.signal.aborted) return;
      logger.info({ why }, 'stopping');
      deadline = setTimeout(
        () => stop.force(`not stopped within ${drainDeadline} ms`),
        drainDeadline,
      );
      controller.abort(new Error(why));
    },
    force(why) {
      logger.fatal({ phase: stop.phase, open: openResources() }, `forced exit: ${why}`);
      process.exit(1);
    },
    end: () => clearTimeout(deadline),
  };
  return stop;
}
