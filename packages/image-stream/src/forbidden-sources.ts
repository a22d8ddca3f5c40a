import { type FieldCause, fieldForbidden } from '@tagtrail/apimachinery';
import type { ImageStream, TagReference } from './image-stream.ts';
import type { ImageStreamImport } from './image-stream-import.ts';
import { type RegistryPolicy, refusalOf } from './registry-policy.ts';
import { isInsecure } from './resolve-cadence.ts';

/** Sources of a wanted stream that its policy refuses; those that the stream has already may stay. Source: OpenShift. */
export function forbiddenSources(
  current: ImageStream | undefined,
  wanted: ImageStream,
  policy: RegistryPolicy,
): readonly FieldCause[] {
  const { dockerImageRepository: repository, tags = [] } = wanted.spec;
  const known = new Set((current?.spec.tags ?? []).map(sourceOf));
  const isNew = repository !== undefined && repository !== current?.spec.dockerImageRepository;
  const insecure = isInsecure(wanted, { importPolicy: {} });
  return [
    ...(isNew ? refused(policy, 'spec.dockerImageRepository', { from: repository, insecure }) : []),
    ...tags.flatMap((tag) => {
      const from = sourceOf(tag);
      if (from === undefined || known.has(from)) return [];
      const source = { from, insecure: isInsecure(wanted, tag) };
      return refused(policy, `spec.tags[${tag.name}].from.name`, source);
    }),
  ];
}

/** The same for a request to import. */
export function forbiddenImports(
  { metadata, spec }: ImageStreamImport,
  policy: RegistryPolicy,
): readonly FieldCause[] {
  const sources = [
    ...spec.images.map((image, index) => ({ ...image, path: `spec.images[${index}]` })),
    ...(spec.repository === undefined ? [] : [{ ...spec.repository, path: 'spec.repository' }]),
  ];
  const stream = { metadata } as ImageStream;
  return sources.flatMap(({ from, importPolicy, path }) => {
    const source = { from: from.name, insecure: isInsecure(stream, { importPolicy }) };
    return refused(policy, `${path}.from.name`, source);
  });
}

function sourceOf({ from }: TagReference): string | undefined {
  return from?.kind === 'DockerImage' ? from.name : undefined;
}

function refused(
  policy: RegistryPolicy,
  field: string,
  source: { readonly from: string; readonly insecure: boolean },
): readonly FieldCause[] {
  const refusal = refusalOf(policy, source);
  return refusal === undefined ? [] : [fieldForbidden(field, refusal)];
}
