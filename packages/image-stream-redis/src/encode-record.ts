import {
  IMAGE_API_VERSION,
  type ImageStream,
  type NamedTagEventList,
} from '@tagtrail/image-stream';
import { packTagEvent, unpackTagEvent } from './pack-tag-event.ts';
import { damaged, isObject, parseStoredObject } from './parse-stored.ts';

/** Field name of a status tag inside the record's hash. */
const TAG_PREFIX = 't:';
const RECORD = 'a stored ImageStream';

/** The record's hash without `rv`, which only the commit script knows. */
export function encodeRecord(stream: ImageStream): ReadonlyMap<string, string> {
  const { resourceVersion: _, ...metadata } = stream.metadata;
  const { tags, ...status } = stream.status;
  const fields = new Map([
    ['uid', metadata.uid ?? ''],
    ['meta', JSON.stringify({ metadata, spec: stream.spec, status })],
  ]);
  for (const list of tags ?? []) fields.set(`${TAG_PREFIX}${list.tag}`, encodeList(list));
  return fields;
}

/** Reads a record's hash; undefined when the stream does not exist. @throws StoreError `damaged` */
export function decodeRecord(fields: Readonly<Record<string, string>>): ImageStream | undefined {
  const { meta, rv } = { meta: fields['meta'], rv: fields['rv'] };
  if (meta === undefined && rv === undefined) return undefined;
  const { metadata, spec, status } = parseStoredObject(meta ?? '', RECORD);
  if (rv === undefined || !isObject(metadata) || !isObject(spec) || !isObject(status)) {
    throw damaged(RECORD);
  }
  const tags = decodeLists(fields);
  return withVersion(
    {
      kind: 'ImageStream',
      apiVersion: IMAGE_API_VERSION,
      metadata: metadata as unknown as ImageStream['metadata'],
      spec,
      status: { ...(status as unknown as ImageStream['status']), ...(tags.length > 0 && { tags }) },
    },
    rv,
  );
}

/** The whole object as one text for the change log, without its version: the entry's id is the version. */
export function encodeObject(stream: ImageStream | undefined): string {
  if (stream === undefined) return '';
  const { resourceVersion: _, ...metadata } = stream.metadata;
  return JSON.stringify({ ...stream, metadata });
}

/** @throws StoreError `damaged` */
export function decodeObject(text: string, resourceVersion: string): ImageStream | undefined {
  if (text === '') return undefined;
  const stream = parseStoredObject(text, 'an object in the change log') as unknown as ImageStream;
  return withVersion(stream, resourceVersion);
}

export function withVersion(stream: ImageStream, resourceVersion: string): ImageStream {
  return { ...stream, metadata: { ...stream.metadata, resourceVersion } };
}

function encodeList({ items, conditions }: NamedTagEventList): string {
  const packed = items === null ? null : items.map(packTagEvent);
  return JSON.stringify({ items: packed, conditions });
}

function decodeLists(fields: Readonly<Record<string, string>>): readonly NamedTagEventList[] {
  return Object.entries(fields)
    .filter(([field]) => field.startsWith(TAG_PREFIX))
    .map(([field, text]) => decodeList(field.slice(TAG_PREFIX.length), text))
    .sort((a, b) => (a.tag < b.tag ? -1 : 1));
}

function decodeList(tag: string, text: string): NamedTagEventList {
  const { items, ...rest } = parseStoredObject(text, RECORD);
  if (items === null) return { tag, items, ...rest };
  if (!Array.isArray(items)) throw damaged(RECORD);
  return { tag, items: items.map(unpackTagEvent), ...rest };
}
