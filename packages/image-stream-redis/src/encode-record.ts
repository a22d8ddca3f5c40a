import {
  IMAGE_API_VERSION,
  type ImageStream,
  type NamedTagEventList,
  StoreError,
} from '@tagtrail/image-stream';

/** Field name of a status tag inside the record's hash. */
const TAG_PREFIX = 't:';

/** The record's hash without `rv`, which only the commit script knows. */
export function encodeRecord(stream: ImageStream): ReadonlyMap<string, string> {
  const { resourceVersion: _, ...metadata } = stream.metadata;
  const { tags, ...status } = stream.status;
  const fields = new Map([
    ['uid', metadata.uid ?? ''],
    ['meta', JSON.stringify({ metadata, spec: stream.spec, status })],
  ]);
  for (const { tag, ...list } of tags ?? [])
    fields.set(`${TAG_PREFIX}${tag}`, JSON.stringify(list));
  return fields;
}

/** Reads a record's hash; undefined when the stream does not exist. @throws StoreError `damaged` */
export function decodeRecord(fields: Readonly<Record<string, string>>): ImageStream | undefined {
  const meta = fields['meta'];
  if (meta === undefined) return undefined;
  const stored = parse<Pick<ImageStream, 'metadata' | 'spec' | 'status'>>(meta);
  const tags = Object.entries(fields)
    .filter(([field]) => field.startsWith(TAG_PREFIX))
    .map(([field, text]) => ({
      tag: field.slice(TAG_PREFIX.length),
      ...parse<Omit<NamedTagEventList, 'tag'>>(text),
    }))
    .sort((a, b) => (a.tag < b.tag ? -1 : 1));
  return withVersion(
    {
      kind: 'ImageStream',
      apiVersion: IMAGE_API_VERSION,
      metadata: stored.metadata,
      spec: stored.spec,
      status: tags.length > 0 ? { ...stored.status, tags } : stored.status,
    },
    fields['rv'] ?? '',
  );
}

/** The whole object as one text for the change log, without its version: the entry's id is the version. */
export function encodeObject(stream: ImageStream | undefined): string {
  if (stream === undefined) return '';
  const { resourceVersion: _, ...metadata } = stream.metadata;
  return JSON.stringify({ ...stream, metadata });
}

export function decodeObject(text: string, resourceVersion: string): ImageStream | undefined {
  return text === '' ? undefined : withVersion(parse<ImageStream>(text), resourceVersion);
}

export function withVersion(stream: ImageStream, resourceVersion: string): ImageStream {
  return { ...stream, metadata: { ...stream.metadata, resourceVersion } };
}

function parse<T>(text: string): T {
  try {
    return JSON.parse(text) as T;
  } catch (cause) {
    throw new StoreError('damaged', 'a stored ImageStream is not readable', { cause });
  }
}
