import type { AccessTokenRecord } from './access-token.ts';
import { drawToken, formatToken, hashSecret } from './token-text.ts';
import {
  type AccessTokenDraft,
  type DraftProblem,
  isGrant,
  validateAccessToken,
} from './validate-access-token.ts';

export type AccessTokenMaking =
  | {
      readonly ok: true;
      readonly record: AccessTokenRecord;
      /** To be shown once: nothing that is stored leads back to it. */
      readonly text: string;
    }
  | { readonly ok: false; readonly problems: readonly DraftProblem[] };

/** Makes a token of a draft; `createdBy` names a principal, `now` is in ms since the epoch. Nothing is stored. */
export function createAccessToken(
  draft: AccessTokenDraft,
  { createdBy, now }: { readonly createdBy: string; readonly now: number },
): AccessTokenMaking {
  const problems = validateAccessToken(draft, now);
  if (problems.length > 0) return { ok: false, problems };
  const { name, expires } = draft;
  const { id, secret } = drawToken();
  const record: AccessTokenRecord = {
    id,
    name,
    grants: draft.grants.filter(isGrant).map(({ role, namespace }) => ({ role, namespace })),
    created: now,
    ...(expires !== undefined && { expires }),
    createdBy,
    hash: hashSecret(secret),
  };
  return { ok: true, record, text: formatToken({ id, secret }) };
}
