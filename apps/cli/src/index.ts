export type { Environment, Variables } from './config.ts';
export { runCli } from './run-cli.ts';
