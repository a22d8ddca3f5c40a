import type { ChallengeEvent, RegistryEvent, TokenEvent } from '@tagtrail/registry-client';
import type { OperatorAccess } from './ask-operator.ts';
import { type Chosen, credentialRemarks, waysIn } from './credential-remarks.ts';
import { ofKind } from './dialogue-record.ts';
import { type Step, skipped } from './examination.ts';
import { failureRemarks } from './failure-remarks.ts';
import type { Subject } from './read-subject.ts';
import type { Asked } from './step-request.ts';

const OK = 200;

export interface AccessContext {
  readonly subject: Subject;
  readonly operator: OperatorAccess;
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
    ...credentialRemarks(chosen, context.subject.target.registry, context.operator),
    ...(useless ? waysIn(chosen, context.operator) : []),
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

/** Basic without a credential opens nothing; Bearer gives tokens to anybody, and the manifest decides. */
function isUseless({ scheme, credential }: Chosen, { subject }: AccessContext): boolean {
  return scheme === 'basic' && credential !== 'shown' && subject.wanted !== undefined;
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
