import type { Environment } from '@tagtrail/config';
import { runApp } from '@tagtrail/lifecycle';
import { compose } from './compose.ts';
import { readConfig } from './config.ts';

/** The producer from configuration to exit code. */
export function runProducer(env?: Environment): Promise<number> {
  return runApp({ name: 'producer', readConfig: () => readConfig(env), open: compose });
}
