import { EVERYWHERE, type Grant, type Principal, type Role } from './access.ts';

/** From the least to the most: each role includes those before it. */
export const ROLES: readonly Role[] = ['view', 'edit', 'admin'];

/**
 * Whether a principal has a role, or one that includes it, in a namespace; in {@link EVERYWHERE} only a grant for
 * everywhere will do, however many namespaces are granted.
 */
export function permits(
  { grants }: Pick<Principal, 'grants'>,
  role: Role,
  namespace: string,
): boolean {
  return grants.some((grant) => includes(grant, { role, namespace }));
}

/** Whether a principal may hand out, see and take back a token: it has to be admin wherever the token has a role. */
export function governs(
  principal: Pick<Principal, 'grants'>,
  token: { readonly grants: readonly Grant[] },
): boolean {
  return token.grants.every(({ namespace }) => permits(principal, 'admin', namespace));
}

function includes(granted: Grant, wanted: Grant): boolean {
  const isThere = granted.namespace === EVERYWHERE || granted.namespace === wanted.namespace;
  return isThere && ROLES.indexOf(granted.role) >= ROLES.indexOf(wanted.role);
}
