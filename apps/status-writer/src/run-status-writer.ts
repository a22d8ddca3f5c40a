import type { Environment } from '@tagtrail/config';
import { runApp } from '@tagtrail/lifecycle';
import { compose } from './compose.ts';
import { readConfig } from './config.ts';

/** The status writer from configuration to exit code. */
export function runStatusWriter(env?: Environment): Promise<number> {
  return runApp({ name: 'status-writer', readConfig: () => readConfig(env), open: compose });
}
