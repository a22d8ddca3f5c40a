import { type ProtobufFields, readProtobufFields } from './protobuf-fields.ts';

/** What every Kubernetes object in protobuf begins with, before the envelope. Source: apimachinery `protobuf` serializer. */
const MAGIC = Buffer.from('k8s\0');

/** Numbers of the fields that are read. Source: `generated.proto` of apimachinery `runtime` and `meta/v1`, and of `core/v1`. */
const ENVELOPE = { typeMeta: 1, raw: 2 };
const TYPE_META = { apiVersion: 1, kind: 2 };
const SECRET = { metadata: 1, data: 2, type: 3, stringData: 4, immutable: 5 };
const META = {
  name: 1,
  generateName: 2,
  namespace: 3,
  uid: 5,
  resourceVersion: 6,
  labels: 11,
  annotations: 12,
};
const ENTRY = { key: 1, value: 2 };

/**
 * Reads a Secret as kubectl since 1.32 sends it, into what the same Secret would be in JSON; undefined for an object of
 * another kind. Throws StatusError BadRequest for broken protobuf.
 */
export function decodeProtobufSecret(body: Uint8Array): object | undefined {
  if (!MAGIC.equals(body.subarray(0, MAGIC.length))) return undefined;
  const envelope = readProtobufFields(body.subarray(MAGIC.length));
  const type = readProtobufFields(bytesOf(envelope, ENVELOPE.typeMeta));
  const kind = textOf(type, TYPE_META.kind);
  if (kind !== 'Secret') return undefined;
  const secret = readProtobufFields(bytesOf(envelope, ENVELOPE.raw));
  const [immutable] = secret.get(SECRET.immutable) ?? [];
  return {
    kind,
    apiVersion: textOf(type, TYPE_META.apiVersion),
    metadata: metadataOf(readProtobufFields(bytesOf(secret, SECRET.metadata))),
    type: textOf(secret, SECRET.type),
    ...(immutable !== undefined && { immutable: immutable === 1n }),
    data: entriesOf(secret, SECRET.data, 'base64'),
    stringData: entriesOf(secret, SECRET.stringData, 'utf8'),
  };
}

function metadataOf(meta: ProtobufFields) {
  return {
    name: textOf(meta, META.name),
    generateName: textOf(meta, META.generateName),
    namespace: textOf(meta, META.namespace),
    uid: textOf(meta, META.uid),
    resourceVersion: textOf(meta, META.resourceVersion),
    labels: entriesOf(meta, META.labels, 'utf8'),
    annotations: entriesOf(meta, META.annotations, 'utf8'),
  };
}

/** A map is a repeated message of key and value. */
function entriesOf(fields: ProtobufFields, number: number, encoding: 'utf8' | 'base64') {
  const entries = (fields.get(number) ?? []).map((value): [string, string] => {
    const entry = readProtobufFields(value instanceof Uint8Array ? value : new Uint8Array());
    return [textOf(entry, ENTRY.key), Buffer.from(bytesOf(entry, ENTRY.value)).toString(encoding)];
  });
  return Object.fromEntries(entries);
}

function textOf(fields: ProtobufFields, number: number): string {
  return Buffer.from(bytesOf(fields, number)).toString();
}

/** The last one counts, and an absent one is empty. */
function bytesOf(fields: ProtobufFields, number: number): Uint8Array {
  const value = fields.get(number)?.at(-1);
  return value instanceof Uint8Array ? value : new Uint8Array();
}
