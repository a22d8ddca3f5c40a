import type { ChallengeEvent, CredentialUse } from '@tagtrail/registry-client';
import type { OperatorAccess } from './ask-operator.ts';

export type Chosen = NonNullable<ChallengeEvent['chosen']>;

/** What to do about a registry that nobody enters without a password. */
const WAYS_IN: Readonly<Record<CredentialUse, readonly string[]>> = {
  none: [
    'give the workers one: registries.authFile names a config.json as `docker login` writes it, registries.credentialHelpers names programs',
  ],
  unfit: ['give the workers user and password in its place'],
  'withheld-from-plain': ['serve the registry over https: passwords are not sent in the clear'],
  'withheld-from-realm': [],
  shown: [],
  'shown-as-token': [],
};

/** What to do where the credentials open nothing. */
export function waysIn(
  { credential }: Chosen,
  { failure }: Pick<OperatorAccess, 'failure'>,
): readonly string[] {
  return failure === undefined ? WAYS_IN[credential] : [];
}

/** Which credentials there are, by their names alone, and whether the registry sees them. */
export function credentialRemarks(
  { credential, realm }: Chosen,
  registry: string,
  operator: OperatorAccess,
): readonly string[] {
  if (credential === 'none') return absenceRemarks(registry, operator);
  const named = `a credential for ${registry} from ${namesOf(operator)}`;
  const to = realm === undefined ? registry : new URL(realm).host;
  return [`${named} ${ENDS[credential](to)}`];
}

const ENDS: Readonly<Record<Exclude<CredentialUse, 'none'>, (to: string) => string>> = {
  shown: (to) => `is shown to ${to}`,
  'shown-as-token': () => 'is a token already: the registry gets it, and no token service is asked',
  unfit: () => 'is a token, and the registry asks for a password',
  'withheld-from-plain': () => 'is not sent, because the registry is spoken to in plain http',
  'withheld-from-realm': () =>
    'is not sent to a token service that does not belong to the registry: the token is asked for anonymously',
};

/** Credentials of several places are tried in turn. */
function namesOf({ credentials }: OperatorAccess): string {
  return credentials.map(({ name = 'the operator' }) => name).join(' or ');
}

function absenceRemarks(
  registry: string,
  { failure, authFile = 'no file' }: OperatorAccess,
): readonly string[] {
  if (failure !== undefined) return ['it is asked anonymously, because the credentials failed'];
  return [
    `there is no credential for ${registry} from registries.authFile (${authFile}) or registries.credentialHelpers: it is asked anonymously`,
    'secrets of namespaces are not seen from here: a stream with a pull secret may be let in all the same',
  ];
}
