export type { PullSecretsOptions } from './open-pull-secrets.ts';
export { openPullSecrets } from './open-pull-secrets.ts';
