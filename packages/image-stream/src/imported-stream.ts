import { formatTimestamp } from '@tagtrail/apimachinery';
import { IMAGE_API_VERSION, type ImageStream } from './image-stream.ts';
import type { StreamKey } from './image-stream-store.ts';

/**
 * The stream that a requested import makes where there is none, before its first outcome is recorded: that gives it
 * generation 1. Source: OpenShift, an ImageStreamImport creates the stream it names.
 */
export function importedStream(
  { namespace, name }: StreamKey,
  { uid, now }: { readonly uid: string; readonly now: number },
): ImageStream {
  return {
    kind: 'ImageStream',
    apiVersion: IMAGE_API_VERSION,
    metadata: { name, namespace, uid, generation: 0, creationTimestamp: formatTimestamp(now) },
    spec: { lookupPolicy: { local: false } },
    status: { dockerImageRepository: '' },
  };
}
