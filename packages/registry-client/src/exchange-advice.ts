import type { Grant } from './authorization/authorizer.ts';
import type { RepositoryTarget } from './repository-target.ts';
import type { TransportFailure } from './transport/transport-failure.ts';

const UNAUTHORIZED = 401;
const FORBIDDEN = 403;
const NOT_FOUND = 404;

/** What to do about a reply that is no success. */
export function adviseStatus(
  status: number,
  target: RepositoryTarget,
  grant: Grant,
): string | undefined {
  if (status === UNAUTHORIZED) return grant.advice;
  if (status === FORBIDDEN) return `check what ${target.registry} lets this client pull`;
  return status === NOT_FOUND ? 'check its name, and whether it was deleted' : undefined;
}

/** What to do when no reply came. */
export function adviseTransport(
  { endpoint, insecure }: RepositoryTarget,
  { kind, connecting }: TransportFailure,
): string | undefined {
  if (!connecting) return undefined;
  if (!insecure && kind === 'certificate') {
    return `trust the certificate of ${endpoint}, or allow insecure transport (importPolicy.insecure on the tag, --insecure)`;
  }
  // A server of plain HTTP garbles the handshake or hangs up.
  if (!insecure && (kind === 'tls' || kind === 'closed')) {
    return `if ${endpoint} speaks plain http, allow insecure transport (importPolicy.insecure on the tag, --insecure)`;
  }
  return kind === 'refused' ? undefined : `check that ${endpoint} can be reached`;
}
