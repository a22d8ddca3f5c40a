import type { ImageStreamImport, ImportSource } from '@tagtrail/api-client';
import {
  IMAGE_API_VERSION,
  type ImageStream,
  INSECURE_REPOSITORY_ANNOTATION,
  type TagReference,
} from '@tagtrail/image-stream';
import type { ImportWish } from './import-wish.ts';
import type { ImportPlan } from './plan-import.ts';

/** What a request is made of. */
export interface ImportDraft {
  readonly wish: ImportWish;
  readonly plan: Exclude<ImportPlan, { kind: 'refused' }>;
  readonly namespace: string;
  /** As it was read; undefined when there is none. */
  readonly stream: ImageStream | undefined;
}

/** What is sent for a plan. Source: `oc import-image`. */
export function importRequest(draft: ImportDraft): ImageStreamImport {
  const { wish, plan, namespace, stream } = draft;
  const resourceVersion = stream?.metadata.resourceVersion;
  const part = (from: string, existing?: TagReference) => importSource(draft, from, existing);
  return {
    kind: 'ImageStreamImport',
    apiVersion: IMAGE_API_VERSION,
    metadata: {
      name: wish.name,
      namespace,
      ...(resourceVersion !== undefined && { resourceVersion }),
      creationTimestamp: null,
    },
    spec: {
      import: !wish.dryRun,
      ...(plan.kind === 'repository'
        ? { repository: part(plan.from) }
        : {
            images: plan.images.map(({ tag, from, existing }) => ({
              ...part(from, existing),
              to: { name: tag },
            })),
          }),
    },
    status: {},
  };
}

/**
 * What a tag has stays: it is still looked at again and again, still insecure, and an index is imported as before unless
 * the wish says how. The last is not so in `oc`, where a second look makes one image of an index.
 */
function importSource(
  { wish, stream }: ImportDraft,
  from: string,
  existing: TagReference | undefined,
): ImportSource {
  const insecure = wish.insecure ?? isStreamInsecure(stream);
  return {
    from: { kind: 'DockerImage', name: from },
    importPolicy: {
      ...((insecure || existing?.importPolicy.insecure === true) && { insecure: true }),
      ...((wish.scheduled === true || existing?.importPolicy.scheduled === true) && {
        scheduled: true,
      }),
      importMode: wish.importMode ?? existing?.importPolicy.importMode ?? 'Legacy',
    },
    referencePolicy: { type: wish.referencePolicy ?? 'Source' },
  };
}

/** True when the stream's annotation allows insecure transport for all its tags. */
export function isStreamInsecure(stream: ImageStream | undefined): boolean {
  return stream?.metadata.annotations?.[INSECURE_REPOSITORY_ANNOTATION] === 'true';
}
