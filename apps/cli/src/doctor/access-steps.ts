import type {
  ChallengeEvent,
  CredentialUse,
  RegistryEvent,
  TokenEvent,
} from '@tagtrail/registry-client';
import { ofKind } from './dialogue-record.ts';
import { type Step, skipped } from './examination.ts';
import { failureRemarks } from './failure-remarks.ts';
import type { Subject } from './read-subject.ts';
import type { Asked } from './step-request.ts';

const OK = 200;

const GIVE_ONE =
  'give the workers one: registries.authFile names a config.json as `docker login` writes it';
/** What to do about a registry that nobody enters without a password. */
const WAYS_IN: Readonly<Record<CredentialUse, readonly string[]>> = {
  none: [GIVE_ONE],
  unfit: ['give the workers user and password in its place'],
  'withheld-from-plain': ['serve the registry over https: passwords are not sent in the clear'],
  'withheld-from-realm': [],
  shown: [],
  'shown-as-token': [],
};

export interface AccessContext {
  readonly subject: Subject;
  /** The setting `registries.authFile`. */
  readonly authFile: string | undefined;
  readonly asked: Asked<unknown>;
  readonly now: number;
}

/** How the registry asks who is there, and the token for that; nothing while it has not asked. */
export function accessSteps(
  events: readonly RegistryEvent[],
  context: AccessContext,
): readonly Step[] {
  const challenge = ofKind(events, 'challenge').at(-1);
  if (challenge === undefined) return [];
  return [challengeStep(challenge, context), tokenStep(events, challenge, context)];
}

/** For a registry that never asked. */
export function openAccessSteps(): readonly Step[] {
  return [skipped('challenge', 'the registry asks nobody who they are'), noToken()];
}

function noToken(): Step {
  return skipped('token', 'none is needed');
}

function challengeStep({ offered, chosen }: ChallengeEvent, context: AccessContext): Step {
  if (chosen === undefined) {
    const schemes = offered.length === 0 ? 'no scheme' : offered.join(', ');
    const seen = `the registry refuses and offers ${schemes}`;
    const remarks = ['Tagtrail answers Bearer and Basic, and sends no password to anything else'];
    return { name: 'challenge', verdict: 'failed', seen, remarks, facts: { offered } };
  }
  const { scheme, realm, service, scope, credential } = chosen;
  const parts = [
    scheme === 'basic' ? 'Basic' : 'Bearer',
    realm && `realm ${realm}`,
    service && `service ${service}`,
    scope && `scope ${scope}`,
  ];
  const useless = isUseless(chosen, context);
  const remarks = [
    credentialRemark(chosen, context),
    ...(useless ? WAYS_IN[chosen.credential] : []),
  ];
  const facts = { scheme, realm, service, scope, credential };
  return {
    name: 'challenge',
    verdict: useless ? 'failed' : 'ok',
    seen: parts.filter(Boolean).join(', '),
    remarks,
    facts,
  };
}

type Chosen = NonNullable<ChallengeEvent['chosen']>;

/** Basic without a credential opens nothing; Bearer gives tokens to anybody, and the manifest decides. */
function isUseless({ scheme, credential }: Chosen, { subject }: AccessContext): boolean {
  return scheme === 'basic' && credential !== 'shown' && subject.wanted !== undefined;
}

function credentialRemark({ credential, realm }: Chosen, context: AccessContext): string {
  const { subject, authFile } = context;
  const { registry } = subject.target;
  const named = `a credential for ${registry} from ${authFile}`;
  if (credential === 'shown') {
    const to = realm === undefined ? registry : new URL(realm).host;
    return `${named} is shown to ${to}`;
  }
  if (credential === 'shown-as-token') {
    return `${named} is a token already: the registry gets it, and no token service is asked`;
  }
  if (credential === 'unfit') return `${named} is a token, and the registry asks for a password`;
  if (credential === 'withheld-from-plain') {
    return `${named} is not sent, because the registry is spoken to in plain http`;
  }
  if (credential === 'withheld-from-realm') {
    return `${named} is not sent to a token service that does not belong to the registry: the token is asked for anonymously`;
  }
  const where = authFile ?? 'registries.authFile names no file';
  return `there is no credential for ${registry} (${where}): it is asked anonymously`;
}

function tokenStep(
  events: readonly RegistryEvent[],
  { chosen }: ChallengeEvent,
  { asked, now, subject }: AccessContext,
): Step {
  const { realm, credential } = chosen ?? {};
  if (realm === undefined || credential === 'shown-as-token') return noToken();
  const reply = ofKind(events, 'reply').findLast(({ url }) => url === realm);
  const token = ofKind(events, 'token').at(-1);
  if (token !== undefined && reply?.status === OK) {
    const { form, lifetime, lifetimeFrom } = token;
    const facts = { form, lifetimeSeconds: lifetime / 1_000, lifetimeFrom };
    const seen = `${form === 'jwt' ? 'a JWT' : 'an opaque token'}, used for ${lifetime / 1_000} s`;
    const remarks = LIFETIME_REMARKS[lifetimeFrom];
    return { name: 'token', verdict: 'ok', took: reply.took, seen, remarks, facts };
  }
  if (asked.ok) return noToken();
  const { message } = asked.error;
  // Without a repository there may be nothing that a token could be for.
  if (subject.wanted === undefined && credential === 'none') {
    return skipped('token', `none without the name of a repository: ${message}`);
  }
  const remarks = failureRemarks(asked.error, now);
  return { name: 'token', verdict: 'failed', took: reply?.took, seen: message, remarks };
}

const LIFETIME_REMARKS: Readonly<Record<TokenEvent['lifetimeFrom'], readonly string[]>> = {
  reply: [],
  claims: ['the token service does not say how long it lives; the token itself does'],
  assumed: [
    'nobody says how long the token lives: it is used for five minutes, or until it is refused',
  ],
};
