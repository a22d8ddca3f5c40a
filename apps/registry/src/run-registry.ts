import type { Environment } from '@tagtrail/config';
import { runApp } from '@tagtrail/lifecycle';
import { compose } from './compose.ts';
import { readConfig } from './config.ts';

/** The registry from configuration to exit code. */
export function runRegistry(env?: Environment): Promise<number> {
  return runApp({ name: 'registry', readConfig: () => readConfig(env), open: compose });
}
