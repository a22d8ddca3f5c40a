import { badRequest, invalid } from '@tagtrail/apimachinery';
import { decodeTagWrite, type TagReference, type TagWrite } from '@tagtrail/image-stream';
import { StatusError } from '../status-error.ts';
import { imageStreamTagNamed } from './image-tag-resource.ts';

/** Decodes the body of a create or a replace of a tag in the namespace of its URL. Throws StatusError. */
export function decodeTagBody(body: unknown, namespace: string): TagWrite {
  const decoded = decodeTagWrite(body);
  if (!decoded.ok) throw new StatusError(invalid(imageStreamTagNamed(''), decoded.causes));
  const given = decoded.write.metadata.namespace ?? '';
  if (given === '' || given === namespace) return decoded.write;
  const message = `the namespace of the provided object (${given}) does not match the namespace sent on the request (${namespace})`;
  throw new StatusError(badRequest(message));
}

/**
 * The definition that a write asks for: the body's, or without one the current. Annotations are the object's own; the
 * tag's name is the object's too. Throws StatusError BadRequest when there is neither definition.
 */
export function wantedTag(write: TagWrite, name: string, current?: TagReference): TagReference {
  const tag = write.tag ?? current;
  if (tag !== undefined) return { ...tag, name, annotations: write.metadata.annotations ?? null };
  throw new StatusError(badRequest(`the tag "${name}" is not defined: the object has no tag`));
}
