/** How we came to a host: a definition names it, or somebody else does, by a redirect or as its token service. */
export type Reach = 'named' | 'led';

/** Which hosts may have a private address: one of this machine, or of a network that others cannot reach. */
export interface AddressPolicy {
  /** Registries that definitions name. */
  readonly named: 'any' | 'public';
  /** Whether this `host` or `host:port` may have one, however we come to it. */
  readonly isAllowed: (authority: string) => boolean;
}

/** Nobody may. */
export const PUBLIC_ONLY: AddressPolicy = { named: 'public', isAllowed: () => false };

/** A host, and the way to it. */
export interface Destination {
  readonly reach: Reach;
  /** `host` or `host:port`. */
  readonly authority: string;
}

export function mayBePrivate({ reach, authority }: Destination, policy: AddressPolicy): boolean {
  return (reach === 'named' && policy.named === 'any') || policy.isAllowed(authority);
}

const PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

/** A registry that leads to its own `host:port` leads nowhere else; one that spells it in another way does. */
export function reachOf({ protocol, host }: URL, endpoint: string): Reach {
  return host === endpoint || `${host}:${PORTS[protocol]}` === endpoint ? 'named' : 'led';
}
