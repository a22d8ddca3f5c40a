export { runRegistry } from './run-registry.ts';
