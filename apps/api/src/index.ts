export type { ApiAdapters } from './api-adapters.ts';
export type { ApiOverrides, ListeningApi } from './compose.ts';
export { compose } from './compose.ts';
export type { ApiConfig } from './config.ts';
export { readApiConfig } from './config.ts';
export { runApi } from './run-api.ts';
