export { mirrorOf } from './mirror-places.ts';
export {
  openRegistry,
  operatorCredentials,
  type RegistryOptions,
  type RegistrySettings,
} from './open-registry.ts';
export {
  openUpstream,
  type Upstream,
  type UpstreamSettings,
  type UpstreamUser,
} from './open-upstream.ts';
export { type Lookup, PullSecretCredentials } from './pull-secret-credentials.ts';
