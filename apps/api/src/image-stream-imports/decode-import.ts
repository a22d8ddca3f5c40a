import { badRequest, invalid } from '@tagtrail/apimachinery';
import {
  decodeImageStreamImport,
  forbiddenImports,
  type ImageStreamImport,
  type RegistryPolicy,
  validateImageStreamImport,
} from '@tagtrail/image-stream';
import { StatusError } from '../status-error.ts';
import { imageStreamImportNamed } from './import-resource.ts';

/** Decodes and checks the body of a request to import, in the namespace of its URL. Throws StatusError. */
export function decodeImport(
  body: unknown,
  namespace: string,
  registries: RegistryPolicy,
): ImageStreamImport {
  const decoded = decodeImageStreamImport(body);
  if (!decoded.ok) throw new StatusError(invalid(imageStreamImportNamed(''), decoded.causes));
  const { metadata } = decoded.request;
  const given = metadata.namespace ?? '';
  if (given !== '' && given !== namespace) {
    const message = `the namespace of the provided object (${given}) does not match the namespace sent on the request (${namespace})`;
    throw new StatusError(badRequest(message));
  }
  const request = { ...decoded.request, metadata: { ...metadata, namespace } };
  const wrong = validateImageStreamImport(request);
  const causes = wrong.length > 0 ? wrong : forbiddenImports(request, registries);
  if (causes.length === 0) return request;
  throw new StatusError(invalid(imageStreamImportNamed(metadata.name), causes));
}
