import type { Descriptor } from './descriptor.ts';

/** BuildKit's mark on index entries that describe another entry. Source: BuildKit, "Image attestation storage". */
const REFERENCE_TYPE_ANNOTATION = 'vnd.docker.reference.type';
const ATTESTATION = 'attestation-manifest';
const UNKNOWN = 'unknown';

/** Whether an index entry holds provenance or an SBOM, not an image that could run. */
export function isAttestation({ annotations, platform }: Descriptor): boolean {
  if (annotations?.[REFERENCE_TYPE_ANNOTATION] === ATTESTATION) return true;
  return platform?.os === UNKNOWN && platform.architecture === UNKNOWN;
}
