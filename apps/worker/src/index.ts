export { mirrorOf } from './mirror-places.ts';
export { openRegistry, operatorCredentials } from './open-registry.ts';
export { runWorker } from './run-worker.ts';
