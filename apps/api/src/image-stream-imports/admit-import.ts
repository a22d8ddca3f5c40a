import { conflict, invalid, notFound } from '@tagtrail/apimachinery';
import {
  type CheckState,
  type CheckStore,
  type ImageStream,
  type ImageStreamImport,
  type ImageStreamStore,
  type StreamKey,
  validateImageStream,
} from '@tagtrail/image-stream';
import { imageStreamNamed } from '../image-streams/image-stream-resource.ts';
import { StatusError } from '../status-error.ts';
import { imageStreamImportNamed } from './import-resource.ts';

export interface AdmitParts {
  readonly streams: Pick<ImageStreamStore, 'read'>;
  readonly checks: Pick<CheckStore, 'readChecks'>;
  readonly createUid: () => string;
}

/** The stream that an import is for, as it was when the request came. */
export interface Admission {
  /** The uid is the stream's, or the one that it will be created under. */
  readonly key: StreamKey & { readonly uid: string };
  /** Undefined when there is none yet. */
  readonly stream: ImageStream | undefined;
  readonly checks: ReadonlyMap<string, CheckState>;
}

/**
 * Reads the stream and compares it with what the client expects. Throws StatusError: Conflict for another version,
 * NotFound for another uid or for a stream that was expected. Source: OpenShift's ImageStreamImport storage.
 */
export async function admitImport(
  parts: AdmitParts,
  { metadata, spec }: ImageStreamImport,
): Promise<Admission> {
  const { name, namespace = '', uid = '', resourceVersion = '' } = metadata;
  const stream = await parts.streams.read({ namespace, name });
  const isExpected = uid !== '' || resourceVersion !== '';
  if (stream === undefined ? isExpected : uid !== '' && uid !== stream.metadata.uid) {
    throw new StatusError(notFound(imageStreamNamed(name)));
  }
  checkVersion(stream, resourceVersion);
  if (spec.import) checkRoom(stream, { metadata, spec });
  if (stream === undefined) {
    const key = { namespace, name, uid: parts.createUid() };
    return { key, stream, checks: new Map() };
  }
  const key = { namespace, name, uid: stream.metadata.uid ?? '' };
  return { key, stream, checks: await parts.checks.readChecks(key.uid) };
}

function checkVersion(stream: ImageStream | undefined, expected: string): void {
  const current = stream?.metadata.resourceVersion ?? '';
  if (stream === undefined || expected === '' || expected === current) return;
  const detail = `the image stream was updated from "${expected}" to "${current}"`;
  throw new StatusError(conflict(imageStreamNamed(stream.metadata.name), detail));
}

/** The stream must be one that may be stored when all tags of the request are in it. */
function checkRoom(
  stream: ImageStream | undefined,
  { metadata, spec }: Pick<ImageStreamImport, 'metadata' | 'spec'>,
): void {
  if (stream === undefined) return;
  const tags = stream.spec.tags ?? [];
  const known = new Set(tags.map(({ name }) => name));
  const added = spec.images.flatMap(({ to, importPolicy, referencePolicy }) => {
    return to === undefined || known.has(to.name)
      ? []
      : [{ name: to.name, importPolicy, referencePolicy }];
  });
  const wanted = { ...stream, spec: { ...stream.spec, tags: [...tags, ...added] } };
  const causes = validateImageStream(wanted).filter(({ field }) => field === 'spec.tags');
  if (causes.length === 0) return;
  throw new StatusError(invalid(imageStreamImportNamed(metadata.name), causes));
}
