import { parseImageReference } from '@tagtrail/image-reference';
import {
  type ImageStream,
  type NamedTagEventList,
  observedGeneration,
  statusTag,
  type TagEvent,
  type TagReference,
} from '@tagtrail/image-stream';
import type { DisplayTag } from './display-tags.ts';
import { ago } from './field-lines.ts';

/** One tag's block: where it comes from, what its annotations say, its import under way or failed, its images. */
export function describeTag(
  stream: ImageStream,
  { tag, aliases }: DisplayTag,
  now: number,
): readonly string[] {
  const spec = stream.spec.tags?.find(({ name }) => name === tag);
  const status = statusTag(stream, tag);
  return [
    aliases.length === 0 ? tag : `${tag} (${aliases.join(', ')})`,
    `  ${sourceLine(spec, stream.metadata.namespace)}`,
    ...policyLines(spec),
    '',
    ...annotationLines(spec),
    ...(isImporting(spec, status) ? ['  ~ importing latest image ...'] : []),
    ...failureLines(status, now),
    ...(status?.items ?? []).flatMap((event, index) => eventLines(event, index === 0, now)),
  ];
}

function sourceLine(spec: TagReference | undefined, namespace: string | undefined): string {
  if (spec === undefined) return 'no spec tag';
  if (!spec.from) return 'tag without source image';
  const { kind } = spec.from;
  return `${sourceWords(spec, kind)} ${sourceName(spec.from, namespace)}`;
}

function sourceWords({ reference, importPolicy }: TagReference, kind: string): string {
  const scheduled = importPolicy.scheduled === true;
  switch (kind) {
    case 'ImageStreamTag':
      if (reference) return 'reference to';
      return scheduled ? 'updates automatically from' : 'tagged from';
    case 'DockerImage':
      if (reference) return 'reference to registry';
      return scheduled ? 'updates automatically from registry' : 'tagged from';
    case 'ImageStreamImage':
      return reference ? 'reference to image' : 'tagged from';
    default:
      return `${reference ? 'reference to' : 'updates from'} ${kind}`;
  }
}

/** The source's name, with its namespace if that is another one than the stream's. */
export function sourceName(
  from: { readonly name: string; readonly namespace?: string },
  namespace: string | undefined,
): string {
  const isForeign = (from.namespace ?? '') !== '' && from.namespace !== namespace;
  return isForeign ? `${from.namespace}/${from.name}` : from.name;
}

function policyLines(spec: TagReference | undefined): readonly string[] {
  const insecure = Boolean(spec?.from) && spec?.importPolicy.insecure === true;
  const local = spec?.referencePolicy.type === 'Local';
  return [
    ...(insecure ? ['    will use insecure HTTPS or HTTP connections'] : []),
    ...(local ? ['    prefer registry pullthrough when referencing this tag'] : []),
  ];
}

function annotationLines(spec: TagReference | undefined): readonly string[] {
  const { description = '', tags = '', supports = '', sampleRepo = '' } = spec?.annotations ?? {};
  const lines = [
    ...(description === '' ? [] : [`  ${description}`]),
    ...(tags === '' ? [] : [`  Tags: ${spaced(tags)}`]),
    ...(supports === '' ? [] : [`  Supports: ${spaced(supports)}`]),
    ...(sampleRepo === '' ? [] : [`  Example Repo: ${sampleRepo}`]),
  ];
  return lines.length === 0 ? [] : [...lines, ''];
}

function spaced(list: string): string {
  return list.split(',').join(', ');
}

function isImporting(
  spec: TagReference | undefined,
  status: NamedTagEventList | undefined,
): boolean {
  if (!spec?.from || spec.reference === true) return false;
  return (spec.generation ?? 0) > observedGeneration(status);
}

function failureLines(status: NamedTagEventList | undefined, now: number): readonly string[] {
  return (status?.conditions ?? [])
    .filter(({ type, status: state }) => type === 'ImportSuccess' && state === 'False')
    .flatMap(({ reason, message, lastTransitionTime }) => [
      `  ! error: Import failed (${reason}): ${message}`,
      `      ${ago(lastTransitionTime, now)}`,
    ]);
}

/** The image's id stands beside the age unless it is the digest of the pull spec already. */
function eventLines(event: TagEvent, isFirst: boolean, now: number): readonly string[] {
  const { image, dockerImageReference } = event;
  const parsed = parseImageReference(dockerImageReference);
  const isElsewhere = image !== '' && parsed.ok && parsed.reference.digest !== image;
  return [
    `  ${isFirst ? '*' : ' '} ${dockerImageReference}`,
    `      ${ago(event.created, now)}${isElsewhere ? `\t${image}` : ''}`,
  ];
}
