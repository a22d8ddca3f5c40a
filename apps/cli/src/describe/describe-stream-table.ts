import { parseImageReference } from '@tagtrail/image-reference';
import {
  type ImageStream,
  type NamedTagEventList,
  statusTag,
  type TagEvent,
  type TagEventCondition,
  type TagReference,
} from '@tagtrail/image-stream';
import { sourceName } from './describe-tag.ts';
import { allTags } from './display-tags.ts';
import { ago, describedText, fieldLines, metadataLines, NONE } from './field-lines.ts';

/** Characters of a failure's message in its row. */
const MESSAGE_LIMIT = 70;
const CUT = '...';
/** A pull spec that ends in a digest is cut by 50 characters, for display only. */
const LONG_DIGEST = /[a-f0-9]{60,}$/u;
const DIGEST_CUT = 50;
const SAME = '<same>';
const NOT_AVAILABLE = '<not available>';

/**
 * The text of `oc describe imagestream` of OpenShift 3.0 to 3.2, which the documentation of `oc import-image` shows:
 * a table of tags and their history. `now` in ms since the epoch.
 */
export function describeStreamTable(stream: ImageStream, now: number): string {
  const { metadata, status } = stream;
  const repository = status.publicDockerImageRepository || status.dockerImageRepository;
  return describedText([
    ...metadataLines(metadata, now),
    ...fieldLines('Docker Pull Spec', repository),
    ...tableLines(stream, now),
  ]);
}

function tableLines(stream: ImageStream, now: number): readonly string[] {
  const tags = allTags(stream);
  if (tags.length === 0) return [`Tags:\t${NONE}`];
  const rows = tags.flatMap((tag) => tagRows(stream, tag, now));
  const header = ['Tag', 'Spec', 'Created', 'PullSpec', 'Image'];
  return ['', ...[header, ...rows].map((cells) => cells.join('\t')), ...footerLines(stream)];
}

type Row = readonly [tag: string, spec: string, created: string, pullSpec: string, image: string];

function tagRows(stream: ImageStream, tag: string, now: number): readonly Row[] {
  const reference = stream.spec.tags?.find(({ name }) => name === tag);
  const spec = specCell(reference, stream.metadata.namespace);
  const status = statusTag(stream, tag);
  if (status === undefined) return [[tag, spec, '', NOT_AVAILABLE, NOT_AVAILABLE]];
  const marks = marksOf(reference);
  return [
    ...failureRows(status, [tag, shortened(spec)], now),
    ...(status.items ?? []).map((event, index): Row => {
      const first =
        index === 0 ? ([tag, `${shortened(spec)}${marks}`] as const) : (['', ''] as const);
      return [...first, ago(event.created, now), pullSpecCell(event, spec), imageCell(event)];
    }),
  ];
}

function specCell(spec: TagReference | undefined, namespace: string | undefined): string {
  if (spec === undefined) return '<pushed>';
  if (!spec.from) return '';
  switch (spec.from.kind) {
    case 'DockerImage':
      return spec.from.name;
    case 'ImageStreamTag':
    case 'ImageStreamImage':
      return sourceName(spec.from, namespace);
    default:
      return `<unknown ${spec.from.kind}> ${sourceName(spec.from, namespace)}`;
  }
}

function marksOf(spec: TagReference | undefined): string {
  const { scheduled, insecure } = spec?.importPolicy ?? {};
  const marks = `${scheduled ? '*' : ''}${insecure ? '!' : ''}`;
  return marks === '' ? '' : ` ${marks}`;
}

/** One row for all failures of a tag, dated by the newest. */
function failureRows(
  { conditions = [] }: NamedTagEventList,
  head: readonly [tag: string, spec: string],
  now: number,
): readonly Row[] {
  const failures = conditions.filter(isFailure);
  if (failures.length === 0) return [];
  const newest = conditions
    .map((one) => one.lastTransitionTime)
    .toSorted()
    .at(-1);
  const summary = failures.map(({ message }) => `import failed: ${message}`).join(', ');
  return [[...head, ago(newest, now), '', cutMessage(summary)]];
}

function isFailure({ type, status }: TagEventCondition): boolean {
  return type === 'ImportSuccess' && status === 'False';
}

function cutMessage(text: string): string {
  if (text.length <= MESSAGE_LIMIT) return text;
  return `${text.slice(0, MESSAGE_LIMIT - CUT.length).trim()}${CUT}`;
}

function pullSpecCell({ dockerImageReference }: TagEvent, spec: string): string {
  return dockerImageReference === spec ? SAME : shortened(dockerImageReference);
}

function imageCell({ image, dockerImageReference }: TagEvent): string {
  const parsed = parseImageReference(dockerImageReference);
  return parsed.ok && (parsed.reference.digest ?? '') === image ? SAME : image;
}

function shortened(spec: string): string {
  return LONG_DIGEST.test(spec) ? `${spec.slice(0, -DIGEST_CUT)}${CUT}` : spec;
}

function footerLines({ spec }: ImageStream): readonly string[] {
  const policies = (spec.tags ?? []).map(({ importPolicy }) => importPolicy);
  const lines = [
    ...(policies.some(({ scheduled }) => scheduled)
      ? ['  * tag is scheduled for periodic import']
      : []),
    ...(policies.some(({ insecure }) => insecure)
      ? ['  ! tag is insecure and can be imported over HTTP or self-signed HTTPS']
      : []),
  ];
  return lines.length === 0 ? [] : ['', ...lines];
}
