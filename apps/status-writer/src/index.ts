export { runStatusWriter } from './run-status-writer.ts';
