import { accessSteps, openAccessSteps } from './access-steps.ts';
import { operatorSteps } from './ask-operator.ts';
import { connectionSteps } from './connection-steps.ts';
import { ofKind } from './dialogue-record.ts';
import { type Entrance, enterRegistry } from './enter-registry.ts';
import { type Step, type StepName, skipped } from './examination.ts';
import { getStep, headStep } from './manifest-steps.ts';
import type { Patient } from './patient.ts';
import { pingStep } from './ping-step.ts';
import { ask } from './step-request.ts';
import { tagListStep } from './tag-list-step.ts';

/**
 * Goes through the dialogue as a worker would have it, and yields each step when it is known. What failed is told by its
 * step; throws only the reason of `signal`, and what is no matter of the registry.
 */
export async function* examine(patient: Patient, signal: AbortSignal): AsyncGenerator<Step> {
  const { subject, operator } = patient;
  patient.onAsk('connection and /v2/');
  const entrance = await enterRegistry(patient, signal);
  const way = waySteps(entrance, patient);
  const access = entranceAccess(entrance, patient);
  yield* way;
  yield* operatorSteps(operator);
  yield* access;
  const barred = [...way, ...access].some(({ verdict }) => verdict === 'failed');
  const challenged = ofKind(entrance.events, 'challenge').length > 0;
  if (subject.wanted === undefined || barred) {
    if (!challenged) yield* barred ? notAsked(['challenge', 'token']) : openAccessSteps();
    if (subject.wanted !== undefined) yield* notAsked(['head', 'get', 'tags']);
    return;
  }
  const { registry } = entrance;
  yield* examineTag({ ...patient, registry }, { wanted: subject.wanted, challenged }, signal);
}

/** From the name to `/v2/`; what is to be said of the way as a whole stands at its beginning. */
function waySteps({ events, asked, remarks }: Entrance, patient: Patient): readonly Step[] {
  const { target } = patient.subject;
  const now = patient.now();
  const ofAll = [...remarks, ...patient.remarks];
  const [first, ...others] = connectionSteps(events, target, now);
  return [
    ...(first === undefined ? [] : [{ ...first, remarks: [...first.remarks, ...ofAll] }]),
    ...others,
    pingStep(events, asked, { target, now }),
  ];
}

function entranceAccess(
  { events, asked }: Entrance,
  { subject, operator, now }: Patient,
): readonly Step[] {
  return accessSteps(events, { subject, operator, asked, now: now() });
}

async function* examineTag(
  { subject, registry, record, operator, deadline, now, onAsk }: Patient,
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
    const access = accessSteps(events, { subject, operator, asked: head, now: now() });
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
