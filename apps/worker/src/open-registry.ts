import {
  openRegistryClient,
  type RegistryObserver,
  type RegistryProbe,
} from '@tagtrail/registry-client';
import { readCredentials } from './read-credentials.ts';

/** Registries ban clients that do not say who they are. */
const USER_AGENT = 'tagtrail/0.1.0';

export interface RegistryOptions {
  /** The setting `registries.authFile`. */
  readonly authFile?: string | undefined;
  readonly observe?: RegistryObserver;
}

/**
 * The registry client as workers have it: whoever opens it sees registries as they do. @throws Error for people, when
 * the credentials cannot be read
 */
export async function openRegistry({
  authFile,
  ...watch
}: RegistryOptions): Promise<RegistryProbe> {
  const credentials = await readCredentials(authFile);
  return openRegistryClient({ credentials, userAgent: USER_AGENT, ...watch });
}
