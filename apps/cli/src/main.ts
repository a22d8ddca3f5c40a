import { readEnvironment } from './config.ts';
import { runCli } from './run-cli.ts';

process.exitCode = await runCli(process.argv.slice(2), readEnvironment(), process);
