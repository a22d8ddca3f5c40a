import { CliError } from '../cli-error.ts';
import type { CommandContext } from '../command-context.ts';
import type { Session } from '../connection/open-session.ts';
import { checkManifests } from '../manifests/check-manifest.ts';
import type { Manifest } from '../manifests/parse-manifests.ts';
import { readManifests } from '../manifests/read-manifests.ts';

/** A manifest and the namespace it goes to. */
export interface PlacedManifest extends Manifest {
  readonly namespace: string;
}

/** The streams of files, all of them checked before any is sent. Throws CliError `manifest`. */
export async function readFileStreams(
  files: readonly string[],
  session: Pick<Session, 'namespace' | 'namespaceIsForced'>,
  { environment }: CommandContext,
): Promise<readonly PlacedManifest[]> {
  const manifests = await readManifests(files, environment);
  checkManifests(manifests);
  return placeManifests(manifests, session);
}

/** A manifest without a namespace goes to the session's; one that -n contradicts is refused. Source: kubectl. */
export function placeManifests(
  manifests: readonly Manifest[],
  session: Pick<Session, 'namespace' | 'namespaceIsForced'>,
): readonly PlacedManifest[] {
  return manifests.map((manifest) => {
    const { namespace = session.namespace, place } = manifest;
    if (session.namespaceIsForced && namespace !== session.namespace) {
      throw new CliError(
        'manifest',
        `${place}: metadata.namespace: "${namespace}" is not the namespace of -n "${session.namespace}"`,
      );
    }
    return { ...manifest, namespace };
  });
}
