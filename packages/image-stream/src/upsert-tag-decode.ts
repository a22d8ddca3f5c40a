import type { FieldCause, ObjectMeta } from '@tagtrail/apimachinery';
import { decodeImageStream } from './decode-image-stream.ts';
import { FieldReader } from './field-reader.ts';
import type { TagReference } from './image-stream.ts';

/** An ImageStreamTag as a client sends it. Only these parts of it can be written. */
export interface TagWrite {
  readonly metadata: ObjectMeta;
  /** Undefined when the body has none: the definition stays, the annotations change. */
  readonly tag: TagReference | undefined;
}

export type DecodedTagWrite =
  | { readonly ok: true; readonly write: TagWrite }
  | { readonly ok: false; readonly causes: readonly FieldCause[] };

const IN_STREAM = 'spec.tags[0]';

/** Turns parsed JSON into the writable parts of an ImageStreamTag, policies defaulted as in a stream's own spec tags. */
export function decodeTagWrite(body: unknown): DecodedTagWrite {
  const read = new FieldReader();
  const top = read.object(body, '(root)');
  const kind = read.text(top['kind'], 'kind') ?? 'ImageStreamTag';
  if (kind !== 'ImageStreamTag') read.refuse('kind', kind, 'must be ImageStreamTag');
  const tag = top['tag'] ?? undefined;
  const decoded = decodeImageStream({
    apiVersion: top['apiVersion'],
    metadata: top['metadata'],
    spec: { tags: tag === undefined ? [] : [tag] },
  });
  if (!decoded.ok) {
    return { ok: false, causes: [...read.causes, ...decoded.causes.map(inTag)] };
  }
  if (read.causes.length > 0) return { ok: false, causes: read.causes };
  const { metadata, spec } = decoded.stream;
  return { ok: true, write: { metadata, tag: spec.tags?.[0] } };
}

function inTag(cause: FieldCause): FieldCause {
  if (!cause.field.startsWith(IN_STREAM)) return cause;
  return { ...cause, field: `tag${cause.field.slice(IN_STREAM.length)}` };
}
