import type { AccessTokenGrant } from '@tagtrail/api-client';

/** The namespace of a role that counts in all of them. */
export const EVERYWHERE = '*';

/** `view in demo, edit everywhere`. */
export function describeGrants(grants: readonly AccessTokenGrant[]): string {
  return grants
    .map(({ role, namespace }) =>
      namespace === EVERYWHERE ? `${role} everywhere` : `${role} in ${namespace}`,
    )
    .join(', ');
}
