import { type ImageReference, parseImageReference } from '@tagtrail/image-reference';
import { type ImageStream, statusTag } from '@tagtrail/image-stream';
import { CliError } from '../cli-error.ts';

export type SourceKind = 'DockerImage' | 'ImageStreamTag' | 'ImageStreamImage';

/** SOURCE taken apart: of a path, the first part is the namespace and the rest the name. Nothing is defaulted. */
export interface SourceReference {
  readonly registry?: string;
  readonly namespace?: string;
  readonly name: string;
  readonly tag?: string;
  readonly digest?: string;
}

export interface TagSource {
  readonly kind: SourceKind;
  readonly reference: SourceReference;
}

/** Docker's own namespace, which can be no stream's. */
const DOCKER_NAMESPACE = 'library';

/** What `--source` may be, and the kind that it means. */
const SOURCE_KINDS: Readonly<Record<string, SourceKind>> = {
  docker: 'DockerImage',
  dockerimage: 'DockerImage',
  imagestreamimage: 'ImageStreamImage',
  imagestreamtag: 'ImageStreamTag',
  isimage: 'ImageStreamImage',
  istag: 'ImageStreamTag',
};

/** Below a usage error. */
export const TAG_HINT = "See 'tagtrail tag -h' for help and examples";

/** The kind that `--source` means; undefined when it says nothing. Throws CliError `usage`. */
export function parseSourceKind(text: string): SourceKind | undefined {
  if (text === '') return undefined;
  const word = text.toLowerCase();
  if (Object.hasOwn(SOURCE_KINDS, word)) return SOURCE_KINDS[word];
  const valid = Object.keys(SOURCE_KINDS).join(', ');
  throw new CliError('usage', `invalid source "${text}"; valid values are ${valid}`, {
    hint: TAG_HINT,
  });
}

/** Reads SOURCE; without a kind, its form decides. Throws CliError `usage`. Source: `oc tag`. */
export function parseSource(
  text: string,
  kind: SourceKind | undefined,
  namespace: string,
): TagSource {
  const parsed = parseImageReference(text);
  if (!parsed.ok) throw new CliError('usage', `invalid SOURCE: ${parsed.message}`);
  const reference = splitRepository(parsed.reference);
  if (kind === undefined) return { kind: kindByForm(reference), reference };
  if (kind === 'DockerImage') return { kind, reference };
  const problem = streamSourceProblem(kind, reference);
  if (problem !== undefined) throw new CliError('usage', problem);
  const isDocker = reference.namespace === DOCKER_NAMESPACE;
  return { kind, reference: isDocker ? { ...reference, namespace } : reference };
}

function streamSourceProblem(
  kind: Exclude<SourceKind, 'DockerImage'>,
  { registry, tag, digest }: SourceReference,
): string | undefined {
  if (registry !== undefined) {
    return 'server in SOURCE is only allowed when providing a container image';
  }
  if (kind === 'ImageStreamTag') {
    if (tag !== undefined) return undefined;
    return '--source=ImageStreamTag requires a valid <name>:<tag> in SOURCE';
  }
  if (digest !== undefined) return undefined;
  return '--source=ImageStreamImage requires a valid <name>@<id> in SOURCE';
}

function kindByForm({ registry, tag, digest }: SourceReference): SourceKind {
  if (registry !== undefined) return 'DockerImage';
  if (digest !== undefined) return 'ImageStreamImage';
  return tag === undefined ? 'DockerImage' : 'ImageStreamTag';
}

/** A parsed reference with its path taken apart. Source: `oc`, pull specs. */
export function splitRepository({ repository, ...rest }: ImageReference): SourceReference {
  const slash = repository.indexOf('/');
  if (slash < 0) return { ...rest, name: repository };
  return { ...rest, namespace: repository.slice(0, slash), name: repository.slice(slash + 1) };
}

/**
 * The image that a stream's tag points to now, in place of the tag: a digest of the stream, or a pull spec where the
 * tag only refers to a registry. `text` is SOURCE as written. Throws CliError `usage`. Source: `oc tag`.
 */
export function pinSource(
  reference: SourceReference,
  stream: ImageStream,
  text: string,
): TagSource {
  const { tag = 'latest', ...rest } = reference;
  const event = statusTag(stream, tag)?.items?.[0];
  if (event === undefined) {
    const problem = `"${text}" is not currently pointing to an image, cannot use it as the source of a tag`;
    throw new CliError('usage', problem);
  }
  if (event.image !== '') {
    return { kind: 'ImageStreamImage', reference: { ...rest, digest: event.image } };
  }
  const parsed = parseImageReference(event.dockerImageReference);
  if (parsed.ok) return { kind: 'DockerImage', reference: splitRepository(parsed.reference) };
  const problem = `the image stream tag "${text}" has an invalid pull spec and cannot be used to tag: ${parsed.message}`;
  throw new CliError('usage', problem);
}

/** The whole reference as written; a digest outranks a tag. */
export function exactSource(reference: SourceReference): string {
  const { registry, namespace } = reference;
  return [registry, namespace, nameWithinNamespace(reference)]
    .filter((part) => part !== undefined)
    .join('/');
}

/** `name:tag` or `name@digest`. */
export function nameWithinNamespace({ name, tag, digest }: SourceReference): string {
  if (digest !== undefined) return `${name}@${digest}`;
  return tag === undefined ? name : `${name}:${tag}`;
}
