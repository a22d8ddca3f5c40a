import type { RegistryEvent, RegistryProbe, RepositoryTarget } from '@tagtrail/registry-client';
import { ofKind } from './dialogue-record.ts';
import type { Patient } from './patient.ts';
import { type Asked, ask } from './step-request.ts';

/** How the first request went, and who goes on asking. */
export interface Entrance {
  readonly registry: RegistryProbe;
  readonly asked: Asked<void>;
  readonly events: readonly RegistryEvent[];
  readonly remarks: readonly string[];
}

/**
 * Asks as a worker does. Where that is refused for a private address, nothing was sent, and it is asked again from the
 * operator's own network, if the settings leave that open: he names the registry himself, and has the machine anyway.
 */
export async function enterRegistry(patient: Patient, signal: AbortSignal): Promise<Entrance> {
  const { ownNetwork, subject } = patient;
  const asWorker = await knock(patient, patient.registry, signal);
  if (ownNetwork === undefined || !isRefusedAsPrivate(asWorker.events, subject.target)) {
    return asWorker;
  }
  const { endpoint } = subject.target;
  const remarks = [
    `a private address: workers refuse it unless registries.privateRegistries names "${endpoint}", or they run under tagtrail up`,
  ];
  return { ...(await knock(patient, ownNetwork, signal)), remarks };
}

async function knock(
  { subject, record, deadline }: Patient,
  registry: RegistryProbe,
  signal: AbortSignal,
): Promise<Entrance> {
  const asked = await ask((bounded) => registry.ping(subject.target, bounded), deadline, signal);
  return { registry, asked, events: record.take(), remarks: [] };
}

/** Only a refusal that a setting can lift has advice; link-local addresses have none. */
function isRefusedAsPrivate(
  events: readonly RegistryEvent[],
  { endpoint }: RepositoryTarget,
): boolean {
  return ofKind(events, 'connection').some(
    ({ authority, failure }) =>
      authority === endpoint && failure?.kind === 'refused' && failure.advice !== undefined,
  );
}
