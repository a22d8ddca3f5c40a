import { badRequest, fieldForbidden, invalid } from '@tagtrail/apimachinery';
import type { StreamChange, StreamKey } from '@tagtrail/image-stream';
import { decodeImageStream, type ImageStream, type StreamWrite } from '@tagtrail/image-stream';
import { StatusError } from '../status-error.ts';
import { imageStreamNamed } from './image-stream-resource.ts';

/** Decodes the body of a create or a replace into the namespace of its URL. Throws StatusError. */
export function decodeWrite(body: unknown, namespace: string): ImageStream {
  refuseGenerateName(body);
  const decoded = decodeImageStream(body);
  if (!decoded.ok) throw new StatusError(invalid(imageStreamNamed(nameIn(body)), decoded.causes));
  const { metadata } = decoded.stream;
  if ((metadata.namespace ?? '') !== '' && metadata.namespace !== namespace) {
    const message = `the namespace of the provided object (${metadata.namespace}) does not match the namespace sent on the request (${namespace})`;
    throw new StatusError(badRequest(message));
  }
  return { ...decoded.stream, metadata: { ...metadata, namespace } };
}

/** The change of a write that the model allows. Throws StatusError Invalid otherwise. */
export function allowedChange(key: StreamKey, write: StreamWrite): StreamChange {
  if (write.ok) return write.change;
  throw new StatusError(invalid(imageStreamNamed(key.name), write.causes));
}

/** Streams are found by the names people gave them; a made-up one would be of no use. */
function refuseGenerateName(body: unknown): void {
  const generateName = metadataOf(body)['generateName'];
  if (nameIn(body) !== '' || generateName === undefined || generateName === '') return;
  const detail = 'generateName is not supported, give the stream a name';
  const cause = fieldForbidden('metadata.generateName', detail);
  throw new StatusError(invalid(imageStreamNamed(''), [cause]));
}

function nameIn(body: unknown): string {
  const name = metadataOf(body)['name'];
  return typeof name === 'string' ? name : '';
}

function metadataOf(body: unknown): Readonly<Record<string, unknown>> {
  const metadata = fieldsOf(body)['metadata'];
  return fieldsOf(metadata);
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
