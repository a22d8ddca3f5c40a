import type { ImageStream } from '@tagtrail/image-stream';

/** A stream as a client sends it: what the server owns or defaults is left out. */
export function definition(
  name: string,
  sources: Readonly<Record<string, string>>,
  options: { readonly schedule?: string; readonly namespace?: string } = {},
): ImageStream {
  const { schedule, namespace = 'demo' } = options;
  const tags = Object.entries(sources).map(([tag, from]) => ({
    name: tag,
    from: { kind: 'DockerImage', name: from },
    importPolicy: { scheduled: true, insecure: true },
    referencePolicy: { type: 'Source' as const },
  }));
  return {
    kind: 'ImageStream',
    apiVersion: 'image.openshift.io/v1',
    metadata: {
      name,
      namespace,
      ...(schedule === undefined ? {} : { annotations: { 'tagtrail.dev/schedule': schedule } }),
    },
    spec: { tags },
    status: { dockerImageRepository: '' },
  };
}

/** The digests of a tag, newest first. */
export function digestsOf(stream: ImageStream | undefined, tag: string): readonly string[] {
  const list = stream?.status.tags?.find((entry) => entry.tag === tag);
  return (list?.items ?? []).map((event) => event.image);
}
