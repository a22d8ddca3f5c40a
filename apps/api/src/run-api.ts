import { type Environment, SettingsError } from '@tagtrail/config';
import { runService } from '@tagtrail/lifecycle';
import { createLogger } from '@tagtrail/observability';
import { compose } from './compose.ts';
import { type ApiConfig, readApiConfig } from './config.ts';

/** Runs the API until a signal; answers the exit code. Settings come from `env` and the file it may name. */
export async function runApi(env: Environment): Promise<number> {
  const config = readConfigOrComplain(env);
  if (config === undefined) return 1;
  const logger = createLogger({ name: 'api', ...config.log });
  return runService({ name: 'the API', logger, open: () => compose(config, { logger }) });
}

function readConfigOrComplain(env: Environment): ApiConfig | undefined {
  try {
    return readApiConfig(env);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    // How to log is among the settings that can't be used.
    createLogger({ name: 'api', level: 'info', format: 'auto' }).error(error.message);
    return undefined;
  }
}
