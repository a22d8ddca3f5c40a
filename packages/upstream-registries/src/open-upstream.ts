import type { Logger } from '@tagtrail/observability';
import type { CoolDowns, RegistryProbe } from '@tagtrail/registry-client';
import { openLedger } from './open-ledger.ts';
import { openPullSecretCredentials } from './open-pull-secret-credentials.ts';
import { openRegistry, operatorCredentials, type RegistrySettings } from './open-registry.ts';
import type { PullSecretCredentials } from './pull-secret-credentials.ts';

export interface UpstreamSettings {
  readonly redis: { readonly url: string; readonly slot: string };
  readonly secrets: { readonly keyFile?: string | undefined };
  readonly registries: RegistrySettings;
}

export interface UpstreamUser {
  /** Which kind of process it is; Redis sees it as the name of connections. */
  readonly name: string;
  readonly logger: Logger;
  readonly coolDowns: CoolDowns;
}

/** The registries that images come from, with the credentials of whoever's image it is. */
export interface Upstream extends AsyncDisposable {
  readonly registry: RegistryProbe;
  readonly namespaces: PullSecretCredentials;
}

/**
 * Registry client, ledger and the credentials of namespaces, as every process of an installation has them. @throws Error
 * for people, when credentials, certificates or the key file cannot be read
 */
export async function openUpstream(
  { redis, secrets: { keyFile }, registries }: UpstreamSettings,
  { name, logger, coolDowns }: UpstreamUser,
): Promise<Upstream> {
  const opened: AsyncDisposable[] = [];
  const close = async () => {
    for (const one of opened.reverse()) await one[Symbol.asyncDispose]();
  };
  const use = <T extends AsyncDisposable>(one: T): T => {
    opened.push(one);
    return one;
  };
  const place = { url: redis.url, slot: redis.slot, keyFile };
  try {
    const operator = await operatorCredentials(registries);
    const { tokens, lessons } = use(await openLedger({ ...place, name }, logger));
    const shared = { lessons, coolDowns, ...(tokens && { tokens }) };
    const registry = use(await openRegistry({ ...registries, ...shared, credentials: operator }));
    const user = { name, logger, operator };
    const { namespaces } = use(await openPullSecretCredentials(place, user));
    return { registry, namespaces, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}
