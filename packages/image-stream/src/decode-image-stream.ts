import type { FieldCause, ObjectMeta } from '@tagtrail/apimachinery';
import { FieldReader } from './field-reader.ts';
import {
  IMAGE_API_VERSION,
  type ImageStream,
  type ImageStreamSpec,
  type ObjectReference,
  type TagImportPolicy,
  type TagReference,
} from './image-stream.ts';

export type DecodedImageStream =
  | { readonly ok: true; readonly stream: ImageStream }
  | { readonly ok: false; readonly causes: readonly FieldCause[] };

/**
 * Turns parsed JSON or YAML into an ImageStream with defaults applied; `apiVersion: v1` of the 3.x documentation is
 * accepted. Status and everything the server owns is left to the store's copy. Unknown fields are dropped.
 */
export function decodeImageStream(body: unknown): DecodedImageStream {
  const read = new FieldReader();
  const top = read.object(body, '(root)');
  checkKind(read, top);
  const stream: ImageStream = {
    kind: 'ImageStream',
    apiVersion: IMAGE_API_VERSION,
    metadata: decodeMetadata(read, top['metadata']),
    spec: decodeSpec(read, top['spec']),
    status: { dockerImageRepository: '' },
  };
  return read.causes.length > 0 ? { ok: false, causes: read.causes } : { ok: true, stream };
}

function checkKind(read: FieldReader, top: Readonly<Record<string, unknown>>): void {
  const kind = top['kind'];
  const version = top['apiVersion'];
  if (kind !== undefined && kind !== 'ImageStream')
    read.refuse('kind', kind, 'must be ImageStream');
  if (version !== undefined && version !== IMAGE_API_VERSION && version !== 'v1') {
    read.refuse('apiVersion', version, `must be ${IMAGE_API_VERSION}`);
  }
}

function decodeMetadata(read: FieldReader, value: unknown): ObjectMeta {
  const meta = read.object(value, 'metadata');
  const text = (key: string) => read.text(meta[key], `metadata.${key}`);
  return {
    name: text('name') ?? '',
    ...present({
      namespace: text('namespace'),
      uid: text('uid'),
      resourceVersion: text('resourceVersion'),
      generation: read.integer(meta['generation'], 'metadata.generation'),
      creationTimestamp: text('creationTimestamp'),
      labels: read.texts(meta['labels'], 'metadata.labels'),
      annotations: read.texts(meta['annotations'], 'metadata.annotations'),
    }),
  };
}

function decodeSpec(read: FieldReader, value: unknown): ImageStreamSpec {
  const spec = read.object(value, 'spec');
  const lookup = read.object(spec['lookupPolicy'], 'spec.lookupPolicy');
  const tags = read.list(spec['tags'], 'spec.tags').map((entry, index) => {
    return decodeTag(read, entry, `spec.tags[${index}]`);
  });
  // The list is a map by name: the last of two namesakes wins, and it is kept in order of names.
  const byName = new Map(tags.map((tag) => [tag.name, tag]));
  const sorted = [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    lookupPolicy: { local: read.flag(lookup['local'], 'spec.lookupPolicy.local') ?? false },
    ...present({
      dockerImageRepository:
        read.text(spec['dockerImageRepository'], 'spec.dockerImageRepository') || undefined,
    }),
    ...(sorted.length > 0 ? { tags: sorted } : {}),
  };
}

function decodeTag(read: FieldReader, value: unknown, path: string): TagReference {
  const tag = read.object(value, path);
  return {
    name: read.text(tag['name'], `${path}.name`) ?? '',
    annotations: read.texts(tag['annotations'], `${path}.annotations`) ?? null,
    ...present({
      from: decodeFrom(read, tag['from'], `${path}.from`),
      reference: read.flag(tag['reference'], `${path}.reference`) || undefined,
      generation: read.integer(tag['generation'], `${path}.generation`),
    }),
    importPolicy: decodeImportPolicy(read, tag['importPolicy'], `${path}.importPolicy`),
    referencePolicy: decodeReferencePolicy(read, tag['referencePolicy'], `${path}.referencePolicy`),
  };
}

function decodeFrom(read: FieldReader, value: unknown, path: string): ObjectReference | undefined {
  if (value === undefined || value === null) return undefined;
  const from = read.object(value, path);
  return {
    kind: read.text(from['kind'], `${path}.kind`) ?? '',
    name: read.text(from['name'], `${path}.name`) ?? '',
    ...present({ namespace: read.text(from['namespace'], `${path}.namespace`) || undefined }),
  };
}

function decodeImportPolicy(read: FieldReader, value: unknown, path: string): TagImportPolicy {
  const policy = read.object(value, path);
  const mode = read.text(policy['importMode'], `${path}.importMode`) || 'Legacy';
  if (mode !== 'Legacy' && mode !== 'PreserveOriginal') {
    const valid = `invalid import mode, valid modes are '', 'Legacy', 'PreserveOriginal'`;
    read.refuse(`${path}.importMode`, mode, valid);
  }
  return {
    ...present({
      insecure: read.flag(policy['insecure'], `${path}.insecure`) || undefined,
      scheduled: read.flag(policy['scheduled'], `${path}.scheduled`) || undefined,
    }),
    importMode: mode === 'PreserveOriginal' ? mode : 'Legacy',
  };
}

function decodeReferencePolicy(read: FieldReader, value: unknown, path: string) {
  const policy = read.object(value, path);
  const type = read.text(policy['type'], `${path}.type`) || 'Source';
  if (type !== 'Source' && type !== 'Local') {
    const valid = 'valid values are "Source", "Local"';
    read.refuse(`${path}.type`, type, valid);
  }
  return { type: type === 'Local' ? ('Local' as const) : ('Source' as const) };
}

/** Leaves out what is undefined: absent and undefined are different under exact optional types. */
function present<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
