import type { Logger } from '@tagtrail/observability';
import type { Stop } from './stop.ts';

/**
 * ms in which signals are one wish. A terminal's Ctrl-C arrives twice under npm: once from the terminal's process group,
 * once forwarded by npm itself. A person who means "now!" needs longer to press again.
 */
const SAME_WISH = 1_000;

export interface StopWishesOptions {
  readonly logger: Logger;
  readonly stop: Stop;
  /** ms on a clock that never jumps. */
  readonly now: () => number;
}

/**
 * Turns what the world does to a process into requests to stop: SIGINT and SIGTERM, the parent's end when it forked us,
 * and errors that nobody caught. After `end`, signals stay caught until the process has ended: the twin of a Ctrl-C
 * may arrive after a quick stop, and its default would turn a clean exit into a kill.
 *
 * ```
 *             signal                signal after SAME_WISH, or the deadline
 *   running ─────────▶ stopping ──────────────────────────────────────────▶ exit 1
 *      │ uncaught error    │ drained
 *      └──────▶ stopping   └──────▶ exit 0, or 1 after an error
 * ```
 */
export function watchStopWishes({ logger, stop, now }: StopWishesOptions): { end(): void } {
  let firstSignal: number | undefined;
  const onSignal = (name: NodeJS.Signals): void => {
    firstSignal ??= now();
    if (now() - firstSignal > SAME_WISH) stop.force(`second ${name}`);
    stop.request(name, 0);
  };
  const onDisconnect = (): void => stop.request('parent process gone', 0);
  const onUncaught = (err: Error, origin: string): void => {
    logger.fatal({ err, origin }, `uncaught: ${err.message}`);
    stop.request('uncaught error', 1);
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  process.on('uncaughtException', onUncaught);
  const forked = process.send !== undefined;
  if (forked) process.on('disconnect', onDisconnect);
  if (forked && !process.connected) onDisconnect();
  return {
    end() {
      process.off('uncaughtException', onUncaught);
      // While somebody listens for it, the channel to the parent keeps this process alive.
      process.off('disconnect', onDisconnect);
    },
  };
}
