import { type FieldCause, fieldInvalid } from '@tagtrail/apimachinery';
import { parseImageReference } from '@tagtrail/image-reference';
import type { ImageStream } from '@tagtrail/image-stream';

/**
 * Sources that name a registry and nothing in it, such as `quay.io`: the grammar takes that for a repository of Docker
 * Hub, which nobody means. Source: OpenShift reads a single name with a dot, or `localhost`, as a registry.
 */
export function registryOnlyCauses({ spec }: ImageStream): readonly FieldCause[] {
  const sources = [
    ['spec.dockerImageRepository', spec.dockerImageRepository] as const,
    ...(spec.tags ?? [])
      .filter(({ from }) => from?.kind === 'DockerImage')
      .map(({ name, from }) => [`spec.tags[${name}].from.name`, from?.name] as const),
  ];
  return sources.flatMap(([field, text]) => {
    if (text === undefined || !isRegistryOnly(text)) return [];
    const registry = text.replace(/\/+$/u, '');
    const example = `${registry}/REPOSITORY${field.endsWith('.name') ? '[:TAG]' : ''}`;
    const detail = `names a registry without a repository; write ${example}`;
    return [fieldInvalid(field, text, detail)];
  });
}

/** A port looks like a tag here: `localhost:5000`. */
function isRegistryOnly(text: string): boolean {
  const parsed = parseImageReference(text.replace(/\/+$/u, ''));
  if (!parsed.ok || parsed.reference.registry !== undefined) return false;
  const { repository } = parsed.reference;
  return !repository.includes('/') && (repository.includes('.') || repository === 'localhost');
}
