import { processEnvironment } from './config.ts';
import { runApi } from './run-api.ts';

process.exitCode = await runApi(processEnvironment());
