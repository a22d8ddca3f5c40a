import type { RegistryExchange } from './registry-exchange.ts';
import { checkTarget, PING_PATH, type RepositoryTarget } from './repository-target.ts';

/** A registry, or the part of it that a repository is. */
export type PingTarget = Pick<RepositoryTarget, 'registry' | 'endpoint' | 'insecure'> &
  Partial<Pick<RepositoryTarget, 'repository'>>;

const OK = 200;
/** Registries answer `{}`; what is longer is no answer to a ping. */
const BODY_BYTES = 64 * 1024;

/**
 * Whether the registry speaks the protocol and lets this client in, as `docker login` asks it. With a repository the
 * token is made for that. Throws a RegistryError for every answer but 200.
 */
export async function ping(
  exchange: RegistryExchange,
  { repository = '', ...registry }: PingTarget,
  signal: AbortSignal,
): Promise<void> {
  const target = { ...registry, repository };
  if (repository !== '') checkTarget(target);
  else checkTarget({ ...target, repository: 'any' });
  const asked = { target, method: 'GET', path: PING_PATH, accept: 'application/json' } as const;
  const subject = `${target.registry}${PING_PATH}`;
  const { reply, error } = await exchange.send(
    { ...asked, bodyLimit: BODY_BYTES, subject },
    signal,
  );
  if (reply.status !== OK) throw error();
}
