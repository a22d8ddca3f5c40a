import { runStatusWriter } from './run-status-writer.ts';

process.exitCode = await runStatusWriter();
