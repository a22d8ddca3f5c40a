import type { FieldCause, ObjectMeta } from '@tagtrail/apimachinery';
import { decodeImageStream } from './decode-image-stream.ts';
import { FieldReader } from './field-reader.ts';
import { IMAGE_API_VERSION, type TagReference } from './image-stream.ts';
import type {
  ImageImportSpec,
  ImageStreamImport,
  RepositoryImportSpec,
} from './image-stream-import.ts';
import { readImportSource } from './import-source.ts';

export type DecodedImageStreamImport =
  | { readonly ok: true; readonly request: ImageStreamImport }
  | { readonly ok: false; readonly causes: readonly FieldCause[] };

/** The repository or one of the images, not decoded yet. */
interface Part {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly path: string;
}

/**
 * Turns parsed JSON into an ImageStreamImport with defaults applied: an image with an explicit tag is imported to that
 * tag. The client's status is dropped. Source: OpenShift `image.openshift.io/v1`, decoding and defaults.
 */
export function decodeImageStreamImport(body: unknown): DecodedImageStreamImport {
  const read = new FieldReader();
  const top = read.object(body, '(root)');
  const kind = read.text(top['kind'], 'kind') ?? 'ImageStreamImport';
  if (kind !== 'ImageStreamImport') read.refuse('kind', kind, 'must be ImageStreamImport');
  const spec = read.object(top['spec'], 'spec');
  const asked = read.flag(spec['import'], 'spec.import') ?? false;
  const parts = partsOf(read, spec);
  const common = decodeCommon(top, parts);
  const images = parts.map((part, index) => decodeImage(read, part, common.tags.get(`${index}`)));
  const causes = [...read.causes, ...common.causes];
  if (causes.length > 0) return { ok: false, causes };
  const hasRepository = parts.at(-1)?.path === 'spec.repository';
  const repository = hasRepository ? images.pop() : undefined;
  return {
    ok: true,
    request: {
      kind: 'ImageStreamImport',
      apiVersion: IMAGE_API_VERSION,
      metadata: common.metadata,
      spec: {
        import: asked,
        ...(repository !== undefined && { repository: withoutTarget(repository) }),
        images,
      },
      status: {},
    },
  };
}

function partsOf(read: FieldReader, spec: Readonly<Record<string, unknown>>): readonly Part[] {
  const images = read.list(spec['images'], 'spec.images').map((value, index) => {
    const path = `spec.images[${index}]`;
    return { fields: read.object(value, path), path };
  });
  const path = 'spec.repository';
  const repository = spec['repository'] ?? undefined;
  return repository === undefined
    ? images
    : [...images, { fields: read.object(repository, path), path }];
}

interface Common {
  readonly metadata: ObjectMeta;
  /** By the index of the part. */
  readonly tags: ReadonlyMap<string, TagReference>;
  readonly causes: readonly FieldCause[];
}

/** Metadata, sources and policies look as they do in a stream with a spec tag for each part. */
function decodeCommon(top: Readonly<Record<string, unknown>>, parts: readonly Part[]): Common {
  const tags = parts.map(({ fields: { from, importPolicy, referencePolicy } }, index) => {
    return { name: `${index}`, from, importPolicy, referencePolicy };
  });
  const { apiVersion, metadata } = top;
  const decoded = decodeImageStream({ apiVersion, metadata, spec: { tags } });
  if (!decoded.ok) {
    const causes = decoded.causes.map((cause) => inPart(cause, parts));
    return { metadata: { name: '' }, tags: new Map(), causes };
  }
  const { stream } = decoded;
  const byIndex = new Map((stream.spec.tags ?? []).map((tag) => [tag.name, tag]));
  return { metadata: stream.metadata, tags: byIndex, causes: [] };
}

function inPart(cause: FieldCause, parts: readonly Part[]): FieldCause {
  const [match, index] = /^spec\.tags\[(\d+)\]/.exec(cause.field) ?? [];
  const part = parts[Number(index)];
  if (match === undefined || part === undefined) return cause;
  return { ...cause, field: `${part.path}${cause.field.slice(match.length)}` };
}

function decodeImage(
  read: FieldReader,
  { fields, path }: Part,
  common: TagReference | undefined,
): ImageImportSpec {
  const from = common?.from ?? { kind: '', name: '' };
  const to = decodeTarget(read, fields['to'], `${path}.to`) ?? targetOf(from.name);
  return {
    from,
    ...(to !== undefined && { to }),
    importPolicy: common?.importPolicy ?? {},
    referencePolicy: common?.referencePolicy ?? { type: 'Source' },
    includeManifest: read.flag(fields['includeManifest'], `${path}.includeManifest`) ?? false,
  };
}

function decodeTarget(read: FieldReader, value: unknown, path: string) {
  if (value === undefined || value === null) return undefined;
  return { name: read.text(read.object(value, path)['name'], `${path}.name`) ?? '' };
}

function targetOf(from: string): ImageImportSpec['to'] {
  const parsed = readImportSource(from);
  if (!parsed.ok || !parsed.source.hasExplicitTag || parsed.source.tag === undefined)
    return undefined;
  return { name: parsed.source.tag };
}

function withoutTarget({ to: _, ...repository }: ImageImportSpec): RepositoryImportSpec {
  return repository;
}
