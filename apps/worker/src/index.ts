export { openRegistry, operatorCredentials } from './open-registry.ts';
export { runWorker } from './run-worker.ts';
