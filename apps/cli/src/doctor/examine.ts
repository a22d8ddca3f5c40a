import type { RegistryEvent, RegistryProbe } from '@tagtrail/registry-client';
import { accessSteps, openAccessSteps } from './access-steps.ts';
import { connectionSteps } from './connection-steps.ts';
import { type DialogueRecord, ofKind } from './dialogue-record.ts';
import { type Step, type StepName, skipped } from './examination.ts';
import { getStep, headStep } from './manifest-steps.ts';
import { pingStep } from './ping-step.ts';
import type { Subject } from './read-subject.ts';
import { type Asked, ask } from './step-request.ts';
import { tagListStep } from './tag-list-step.ts';

/** Whom to ask about what. */
export interface Patient {
  readonly subject: Subject;
  readonly registry: RegistryProbe;
  /** Is told by `registry`, and by nobody else. */
  readonly record: DialogueRecord;
  /** The setting `registries.authFile`. */
  readonly authFile: string | undefined;
  /** ms that a worker takes for a look; a step gets as many. */
  readonly deadline: number;
  /** ms since the epoch. */
  readonly now: () => number;
  /** Called before something may take a while, with what it is. */
  readonly onAsk: (what: string) => void;
}

/**
 * Goes through the dialogue as a worker would have it, and yields each step when it is known. What failed is told by its
 * step; throws only the reason of `signal`, and what is no matter of the registry.
 */
export async function* examine(patient: Patient, signal: AbortSignal): AsyncGenerator<Step> {
  const { subject, registry, record, deadline } = patient;
  patient.onAsk('connection and /v2/');
  const asked = await ask((bounded) => registry.ping(subject.target, bounded), deadline, signal);
  const events = record.take();
  const entrance = entranceSteps(events, asked, patient);
  yield* entrance;
  const barred = entrance.some(({ verdict }) => verdict === 'failed');
  const challenged = ofKind(events, 'challenge').length > 0;
  if (subject.wanted === undefined || barred) {
    if (!challenged) yield* barred ? notAsked(['challenge', 'token']) : openAccessSteps();
    if (subject.wanted !== undefined) yield* notAsked(['head', 'get', 'tags']);
    return;
  }
  yield* examineTag(patient, { wanted: subject.wanted, challenged }, signal);
}

function entranceSteps(
  events: readonly RegistryEvent[],
  asked: Asked<void>,
  { subject, authFile, now }: Patient,
): readonly Step[] {
  const { target } = subject;
  const at = now();
  return [
    ...connectionSteps(events, target, at),
    pingStep(events, asked, { target, now: at }),
    ...accessSteps(events, { subject, authFile, asked, now: at }),
  ];
}

async function* examineTag(
  { subject, registry, record, authFile, deadline, now, onAsk }: Patient,
  { wanted, challenged }: { readonly wanted: string; readonly challenged: boolean },
  signal: AbortSignal,
): AsyncGenerator<Step> {
  const { target } = subject;
  onAsk('manifest, with HEAD');
  const head = await ask(
    (bounded) => registry.headManifest(target, wanted, bounded),
    deadline,
    signal,
  );
  const events = record.take();
  if (!challenged) {
    const access = accessSteps(events, { subject, authFile, asked: head, now: now() });
    yield* access.length > 0 ? access : openAccessSteps();
  }
  yield headStep(events, head, now());
  const isThere = head.ok || head.error.code === 'NotFound';
  if (!isThere) return yield* notAsked(['get', 'tags']);
  if (head.ok) {
    onAsk('manifest, with GET');
    const { digest = wanted } = head.value;
    const get = await ask(
      (bounded) => registry.fetchManifest(target, digest, bounded),
      deadline,
      signal,
    );
    yield getStep(record.take(), get, now());
  } else yield* notAsked(['get']);
  onAsk('list of tags');
  const page = await ask((bounded) => registry.firstTagPage(target, bounded), deadline, signal);
  yield tagListStep(record.take(), page, { wanted, now: now() });
}

function notAsked(names: readonly StepName[]): readonly Step[] {
  return names.map((name) => skipped(name, 'not asked after that'));
}
