import { EVERYWHERE, isTokenId, type Principal, permits } from '@tagtrail/access-control';
import { conflict, notFound, type Status, successStatus } from '@tagtrail/apimachinery';
import type { DeleteOptions } from '../image-streams/delete-options.ts';
import { StatusError } from '../status-error.ts';
import { accessTokenNamed } from './access-token-object.ts';
import type { AccessTokenParts } from './access-token-parts.ts';
import { findGoverned } from './find-token.ts';

export interface RevokeRequest extends DeleteOptions {
  readonly principal: Principal;
  /** Name or id. */
  readonly name: string;
}

/** Revokes a token. Answers the Status Success with its id. Throws StatusError. */
export async function revokeToken(
  parts: AccessTokenParts,
  request: RevokeRequest,
): Promise<Status> {
  const { principal, name, preconditions, dryRun } = request;
  const id = await idOf(parts, request);
  const expected = preconditions.uid ?? '';
  if (expected !== '' && expected !== id) {
    const detail = `Precondition failed: UID in precondition: ${expected}, UID in object meta: ${id}`;
    throw new StatusError(conflict(accessTokenNamed(name), detail));
  }
  if (dryRun) return successStatus({ ...accessTokenNamed(name), uid: id });
  if (!(await parts.accessTokens.remove(id))) {
    throw new StatusError(notFound(accessTokenNamed(name)));
  }
  parts.logger.info({ name, id, by: principal.name }, 'an access token was revoked');
  return successStatus({ ...accessTokenNamed(name), uid: id });
}

/** Who is admin everywhere can revoke by id what can't even be read. */
async function idOf(parts: AccessTokenParts, request: RevokeRequest): Promise<string> {
  const { principal, name } = request;
  if (isTokenId(name) && permits(principal, 'admin', EVERYWHERE)) return name;
  return (await findGoverned(parts, request)).id;
}
