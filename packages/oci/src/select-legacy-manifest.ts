import type { Descriptor } from './descriptor.ts';
import { isAttestation } from './is-attestation.ts';
import type { ImageIndex } from './manifest.ts';

const DEFAULT_OS = 'linux';
const DEFAULT_ARCHITECTURE = 'amd64';

/**
 * The one entry that import mode `Legacy` records: the first that matches the preferred platform,
 * else the first for linux/amd64, else the first. Variants are not looked at. Attestations come
 * last, when there is nothing else; an empty index has no answer. Absent or empty preferences mean
 * linux/amd64. Source: OpenShift image import, openshift-apiserver `importer.go`.
 */
export function selectLegacyManifest(
  index: ImageIndex,
  preferred: { readonly architecture?: string; readonly os?: string },
): Descriptor | undefined {
  const images = index.manifests.filter((entry) => !isAttestation(entry));
  const candidates = images.length > 0 ? images : index.manifests;
  const os = preferred.os || DEFAULT_OS;
  const architecture = preferred.architecture || DEFAULT_ARCHITECTURE;
  return (
    candidates.find((entry) => runsOn(entry, os, architecture)) ??
    candidates.find((entry) => runsOn(entry, DEFAULT_OS, DEFAULT_ARCHITECTURE)) ??
    candidates[0]
  );
}

function runsOn({ platform }: Descriptor, os: string, architecture: string): boolean {
  return platform?.os === os && platform.architecture === architecture;
}
