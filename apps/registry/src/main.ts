import { runRegistry } from './run-registry.ts';

process.exitCode = await runRegistry();
