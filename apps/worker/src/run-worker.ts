import type { Environment } from '@tagtrail/config';
import { runApp } from '@tagtrail/lifecycle';
import { compose } from './compose.ts';
import { readConfig } from './config.ts';

/** The worker from configuration to exit code. */
export function runWorker(env?: Environment): Promise<number> {
  return runApp({ name: 'worker', readConfig: () => readConfig(env), open: compose });
}
