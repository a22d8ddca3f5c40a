import type {
  ImageStream,
  ReferencePolicyType,
  TagEventCondition,
  TagImportPolicy,
} from '@tagtrail/image-stream';
import { NAMESPACE } from './registry-surroundings.ts';

/** `"true"` lets all tags of a stream be insecure. */
export const INSECURE_ANNOTATION = 'openshift.io/image.insecureRepository';

export interface TagSource extends TagImportPolicy {
  /** Pull spec. */
  readonly from: string;
  readonly referencePolicy?: ReferencePolicyType;
}

/** A stream as a client sends it, with nothing in it but what is asked for. */
export function streamOf(
  name: string,
  sources: Readonly<Record<string, TagSource>>,
  annotations: Readonly<Record<string, string>> = {},
): ImageStream {
  const tags = Object.entries(sources).map(([tag, { from, referencePolicy, ...policy }]) => ({
    name: tag,
    from: { kind: 'DockerImage', name: from },
    importPolicy: policy,
    referencePolicy: { type: referencePolicy ?? 'Source' },
  }));
  return {
    kind: 'ImageStream',
    apiVersion: 'image.openshift.io/v1',
    metadata: { name, namespace: NAMESPACE, annotations },
    spec: { tags },
    status: { dockerImageRepository: '' },
  };
}

/** What a tag's last import failed of. */
export function conditionOf(stream: ImageStream, tag: string): TagEventCondition | undefined {
  return stream.status.tags?.find((entry) => entry.tag === tag)?.conditions?.[0];
}
