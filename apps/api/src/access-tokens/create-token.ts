import {
  type AccessTokenDraft,
  type AccessTokenRecord,
  createAccessToken,
  type DraftProblem,
  EVERYWHERE,
  MAX_ACCESS_TOKENS,
  type Principal,
  permits,
} from '@tagtrail/access-control';
import { alreadyExists, type FieldCause, fieldInvalid, invalid } from '@tagtrail/apimachinery';
import { forbiddenObject } from '../http/authorize-request.ts';
import { StatusError } from '../status-error.ts';
import { type AccessTokenObject, accessTokenNamed, describeToken } from './access-token-object.ts';
import type { AccessTokenParts } from './access-token-parts.ts';
import { decodeAccessToken } from './decode-access-token.ts';

/** Creates a token. Its text is in this answer and nowhere else. Throws StatusError. */
export async function createToken(
  parts: AccessTokenParts,
  request: { readonly principal: Principal; readonly body: unknown; readonly dryRun: boolean },
): Promise<AccessTokenObject> {
  const { principal, body, dryRun } = request;
  const now = parts.now();
  const draft = decodeAccessToken(body, now);
  const made = createAccessToken(draft, { createdBy: principal.name, now });
  if (!made.ok) throw new StatusError(invalid(accessTokenNamed(draft.name), causesOf(made)));
  refuseForeignGrants(principal, draft);
  const shown = describeToken(made.record, now);
  if (dryRun) return shown;
  await keep(parts, made.record);
  const { id, name, grants } = made.record;
  parts.logger.info({ name, id, grants, by: principal.name }, 'an access token was created');
  return { ...shown, status: { ...shown.status, token: made.text } };
}

async function keep({ accessTokens }: AccessTokenParts, record: AccessTokenRecord): Promise<void> {
  const creation = await accessTokens.create(record);
  switch (creation) {
    case 'created':
      return;
    case 'conflict':
      throw new StatusError(alreadyExists(accessTokenNamed(record.name)));
    case 'full': {
      const reason = `exceeded quota: there may be ${MAX_ACCESS_TOKENS} access tokens; delete those that nobody needs`;
      throw new StatusError(forbiddenObject(accessTokenNamed(record.name), reason));
    }
    default:
      return creation satisfies never;
  }
}

/** Nobody hands out more than they have themselves. */
function refuseForeignGrants(principal: Principal, { name, grants }: AccessTokenDraft): void {
  const foreign = grants.find(({ namespace }) => !permits(principal, 'admin', namespace));
  if (foreign === undefined) return;
  const place =
    foreign.namespace === EVERYWHERE ? 'everywhere' : `in the namespace "${foreign.namespace}"`;
  const reason = `token "${principal.name}" is not admin ${place}, so it can grant no role there`;
  throw new StatusError(forbiddenObject(accessTokenNamed(name), reason));
}

function causesOf({ problems }: { readonly problems: readonly DraftProblem[] }): FieldCause[] {
  return problems.map(({ field, value, message }) =>
    field === 'expires'
      ? fieldInvalid('spec.expirationSeconds', value, message)
      : fieldInvalid(field === 'name' ? 'metadata.name' : `spec.${field}`, value, message),
  );
}
