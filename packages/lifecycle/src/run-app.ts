import { createLogger, type LogFormat, type Logger } from '@tagtrail/observability';
import { runService } from './run-service.ts';
import type { Service } from './service.ts';

export interface RunAppOptions<C> {
  readonly name: string;
  /** Throws with a message for people when the configuration is unusable. */
  readonly readConfig: () => C;
  readonly open: (
    config: C,
    context: { readonly logger: Logger; readonly signal: AbortSignal },
  ) => Promise<Service>;
}

/** The whole life of a process: configuration, log, service. Answers the exit code; an unusable configuration is 1. */
export async function runApp<
  C extends { readonly log: { readonly level: string; readonly format: LogFormat } },
>(options: RunAppOptions<C>): Promise<number> {
  const { name, readConfig, open } = options;
  let config: C;
  try {
    config = readConfig();
  } catch (error) {
    // There is no log yet, and no configuration to make one from.
    process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
  const logger = createLogger({ name, ...config.log });
  return runService({ name, logger, open: (signal) => open(config, { logger, signal }) });
}
