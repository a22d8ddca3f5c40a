import { dnsLabelProblems, fieldInvalid } from '@tagtrail/apimachinery';
import type { Session } from '../connection/open-session.ts';
import { objectMember, textMember } from '../json-object.ts';
import { kindProblems, manifestProblems, placeOf } from '../manifests/check-manifest.ts';
import type { Manifest, ManifestEntry } from '../manifests/parse-manifests.ts';
import { type ManifestSources, readManifests } from '../manifests/read-manifests.ts';

/** A manifest, and what it is about. */
export interface PlacedManifest extends Manifest {
  readonly name: string;
  readonly namespace: string;
}

export interface FileStreams {
  readonly manifests: readonly PlacedManifest[];
  /** What is wrong with all others: a line each, with file, document, line and field. */
  readonly problems: readonly string[];
}

/** Where streams go that name no namespace. */
export type Target = Pick<Session, 'namespace' | 'namespaceIsForced'>;

/** The streams of files, each checked by the rules of the server. */
export async function readFileStreams(
  files: readonly string[],
  target: Target,
  sources: ManifestSources,
): Promise<FileStreams> {
  return sortOut(await readManifests(files, sources), target, (manifest, namespace) =>
    manifestProblems(manifest, namespace),
  );
}

/** The names of the streams in files, whatever else is said of them there. What is no stream is a problem: its name may be that of one. */
export async function readFileNames(
  files: readonly string[],
  target: Target,
  sources: ManifestSources,
): Promise<FileStreams> {
  return sortOut(await readManifests(files, sources), target, (manifest) => [
    ...kindProblems(manifest),
    ...(nameOf(manifest) === ''
      ? [`${placeOf(manifest, 'metadata.name')}: metadata.name: Required value: a string`]
      : []),
  ]);
}

function sortOut(
  entries: readonly ManifestEntry[],
  target: Target,
  check: (manifest: Manifest, namespace: string) => readonly string[],
): FileStreams {
  const manifests: PlacedManifest[] = [];
  const problems: string[] = [];
  for (const entry of entries) {
    if (!entry.ok) {
      problems.push(...entry.problems);
      continue;
    }
    const { manifest } = entry;
    const namespace = namespaceOf(manifest) ?? target.namespace;
    const found = [...check(manifest, namespace), ...namespaceProblems(manifest, target)];
    if (found.length > 0) problems.push(...found);
    else manifests.push({ ...manifest, name: nameOf(manifest), namespace });
  }
  return { manifests, problems };
}

/** A manifest without a namespace goes to the session's; one that -n contradicts is refused. Source: kubectl. */
function namespaceProblems(manifest: Manifest, target: Target): readonly string[] {
  const field = 'metadata.namespace';
  const namespace = namespaceOf(manifest);
  if (namespace === undefined) return [];
  const place = `${placeOf(manifest, field)}: ${field}:`;
  if (target.namespaceIsForced && namespace !== target.namespace) {
    return [`${place} "${namespace}" is not the namespace of -n "${target.namespace}"`];
  }
  return dnsLabelProblems(namespace).map(
    (problem) => `${place} ${fieldInvalid(field, namespace, problem).message}`,
  );
}

function nameOf({ object }: Manifest): string {
  return textMember(objectMember(object, 'metadata'), 'name') ?? '';
}

function namespaceOf({ object }: Manifest): string | undefined {
  return textMember(objectMember(object, 'metadata'), 'namespace');
}
