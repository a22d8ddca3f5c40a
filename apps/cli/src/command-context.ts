import type { Environment } from './config.ts';
import type { Output } from './terminal/output.ts';

/** What every command gets. */
export interface CommandContext {
  readonly output: Output;
  readonly environment: Environment;
}
