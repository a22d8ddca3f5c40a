import {
  type FieldSelector,
  type LabelSelector,
  matchesFields,
  matchesLabels,
} from '@tagtrail/apimachinery';
import type { ImageStream } from '@tagtrail/image-stream';

/** Which streams a list or a watch is about. Nothing given selects everything. */
export interface Selection {
  readonly namespace?: string;
  readonly labels?: LabelSelector;
  readonly fields?: FieldSelector;
}

/** The field names a fieldSelector may use. Source: OpenShift's image stream fields. */
export const SELECTABLE_FIELDS: readonly string[] = [
  'metadata.name',
  'metadata.namespace',
  'spec.dockerImageRepository',
  'status.dockerImageRepository',
];

/** Whether the stream, as it is, belongs to the selection. */
export function selects(selection: Selection, stream: ImageStream): boolean {
  const { namespace, labels, fields } = selection;
  if (namespace !== undefined && stream.metadata.namespace !== namespace) return false;
  if (labels !== undefined && !matchesLabels(labels, stream.metadata.labels)) return false;
  return fields === undefined || matchesFields(fields, fieldsOf(stream));
}

function fieldsOf({ metadata, spec, status }: ImageStream): Readonly<Record<string, string>> {
  return {
    'metadata.name': metadata.name,
    'metadata.namespace': metadata.namespace ?? '',
    'spec.dockerImageRepository': spec.dockerImageRepository ?? '',
    'status.dockerImageRepository': status.dockerImageRepository,
  };
}
