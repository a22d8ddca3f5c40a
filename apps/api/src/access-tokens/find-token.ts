import { type AccessToken, governs, type Principal } from '@tagtrail/access-control';
import { notFound } from '@tagtrail/apimachinery';
import { StatusError } from '../status-error.ts';
import { accessTokenNamed } from './access-token-object.ts';
import type { AccessTokenParts } from './access-token-parts.ts';

/** The tokens that a principal may see: those that have no role where it is not admin. */
export async function listGoverned(
  { accessTokens }: Pick<AccessTokenParts, 'accessTokens'>,
  principal: Principal,
): Promise<readonly AccessToken[]> {
  return (await accessTokens.list()).filter((token) => governs(principal, token));
}

/** One of them by its name or its id. Throws StatusError NotFound, also for one that the principal may not see. */
export async function findGoverned(
  parts: Pick<AccessTokenParts, 'accessTokens'>,
  { principal, name }: { readonly principal: Principal; readonly name: string },
): Promise<AccessToken> {
  const tokens = await listGoverned(parts, principal);
  const found = tokens.find((token) => token.name === name || token.id === name);
  if (found !== undefined) return found;
  throw new StatusError(notFound(accessTokenNamed(name)));
}
