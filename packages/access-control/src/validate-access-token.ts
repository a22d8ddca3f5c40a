import { EVERYWHERE, type Grant } from './access.ts';
import { MAX_GRANTS, MAX_TOKEN_LIFE, MIN_TOKEN_LIFE } from './access-token.ts';
import { ROLES } from './permits.ts';
import { isTokenId } from './token-text.ts';

/** Name of whoever shows the token of the API: no other token may pass for it in messages and lists. */
export const API_PRINCIPAL = 'admin';

/** What a token is made of. */
export interface AccessTokenDraft {
  readonly name: string;
  /** Roles and namespaces as they were given: any text. */
  readonly grants: readonly { readonly role: string; readonly namespace: string }[];
  /** ms since the epoch. */
  readonly expires?: number;
}

/** What is wrong with one field of a draft, e.g. `grants[1].role`. */
export interface DraftProblem {
  readonly field: string;
  readonly value: unknown;
  readonly message: string;
}

/** Source: Kubernetes' names of namespaces (RFC 1123 labels). */
const LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const LABEL_RULE =
  'must be at most 63 lower case letters, digits and "-", and begin and end with a letter or digit';

/** Everything that keeps a draft from becoming a token at `now`, in ms since the epoch. */
export function validateAccessToken(draft: AccessTokenDraft, now: number): readonly DraftProblem[] {
  return [
    ...nameProblems(draft.name),
    ...grantsProblems(draft.grants),
    ...expiryProblems(draft.expires, now),
  ];
}

/** Narrows the grants of a draft that has no problems. */
export function isGrant(grant: AccessTokenDraft['grants'][number]): grant is Grant {
  return ROLES.some((role) => role === grant.role);
}

function nameProblems(name: string): readonly DraftProblem[] {
  const problem = (message: string) => [{ field: 'name', value: name, message }];
  if (!LABEL.test(name)) return problem(LABEL_RULE);
  if (isTokenId(name)) return problem('must not look like the id of a token');
  if (name === API_PRINCIPAL) return problem('is the name that the token of the API goes by');
  return [];
}

function grantsProblems(grants: AccessTokenDraft['grants']): readonly DraftProblem[] {
  const problem = (message: string) => [{ field: 'grants', value: grants.length, message }];
  if (grants.length === 0) return problem('must hold at least one role in a namespace');
  if (grants.length > MAX_GRANTS) return problem(`must hold at most ${MAX_GRANTS} grants`);
  const namespaces = grants.map(({ namespace }) => namespace);
  return grants.flatMap((grant, at) => [
    ...grantProblems(grant, `grants[${at}]`),
    ...(namespaces.indexOf(grant.namespace) < at ? [repeated(grant.namespace, at)] : []),
  ]);
}

function grantProblems(
  grant: AccessTokenDraft['grants'][number],
  field: string,
): readonly DraftProblem[] {
  const { role, namespace } = grant;
  const problems: DraftProblem[] = [];
  if (!isGrant(grant)) {
    const message = `must be one of ${ROLES.join(', ')}`;
    problems.push({ field: `${field}.role`, value: role, message });
  }
  if (namespace !== EVERYWHERE && !LABEL.test(namespace)) {
    const message = `${LABEL_RULE}; "${EVERYWHERE}" is everywhere`;
    problems.push({ field: `${field}.namespace`, value: namespace, message });
  }
  return problems;
}

function repeated(namespace: string, at: number): DraftProblem {
  const message = 'has a role already: one is enough, as each includes those before it';
  return { field: `grants[${at}].namespace`, value: namespace, message };
}

function expiryProblems(expires: number | undefined, now: number): readonly DraftProblem[] {
  if (expires === undefined) return [];
  const life = expires - now;
  if (life >= MIN_TOKEN_LIFE && life <= MAX_TOKEN_LIFE) return [];
  const message = 'must be at least a minute and at most 5 years from now';
  return [{ field: 'expires', value: expires, message }];
}
