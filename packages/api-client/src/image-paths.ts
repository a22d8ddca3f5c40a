import { IMAGE_API_VERSION } from '@tagtrail/image-stream';

const GROUP = `/apis/${IMAGE_API_VERSION}`;

/** The path of a resource of `image.openshift.io/v1`, or of one object of it; without a namespace, of all namespaces. */
export function imagePath(resource: string, namespace: string | undefined, name?: string): string {
  const scope = namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  return `${GROUP}${scope}/${resource}${name === undefined ? '' : `/${encodeName(name)}`}`;
}

/** As clients of OpenShift write `stream:tag` and `stream@digest`: `:` and `@` need no escape within a path. */
function encodeName(name: string): string {
  return encodeURIComponent(name).replaceAll('%3A', ':').replaceAll('%40', '@');
}
