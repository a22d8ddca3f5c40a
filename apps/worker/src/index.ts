export { openRegistry } from './open-registry.ts';
export { runWorker } from './run-worker.ts';
