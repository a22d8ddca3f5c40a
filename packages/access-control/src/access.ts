/** What a token allows. Each role includes those before it. Source: Kubernetes' user-facing roles. */
export type Role = 'view' | 'edit' | 'admin';

/** Every namespace, and what belongs to none. */
export const EVERYWHERE = '*';

/** A role in one namespace, or {@link EVERYWHERE}. */
export interface Grant {
  readonly role: Role;
  readonly namespace: string;
}

/** Who asks, after it was found out. */
export interface Principal {
  /** Of the token; `admin` for the token of the API. */
  readonly name: string;
  /** Undefined for the token of the API, which nobody can revoke. */
  readonly tokenId: string | undefined;
  readonly grants: readonly Grant[];
}

/** Finds out who shows a token. Answers are kept for a few seconds: a revoked token works no longer than that. */
export interface Authenticator {
  /** Undefined when nobody has such a token, or it has expired. Throws AccessControlError `unavailable`. */
  authenticate(token: string): Promise<Principal | undefined>;
  /** The same for a token that was seen before, by its id: whether it still counts, and what it allows by now. */
  find(tokenId: string): Promise<Principal | undefined>;
}
