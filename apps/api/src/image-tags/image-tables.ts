import { formatAge } from '@tagtrail/apimachinery';
import type { Image, ImageStreamImage, ImageStreamTag } from '@tagtrail/image-stream';
import type { TableColumn, TableLayout } from '../http/table.ts';

const REFERENCE = 'Where the image can be pulled from.';
const UPDATED = 'How long ago the tag got the image.';
const IMAGE_NAME = 'Digest of the image.';

/** The table of `oc get istag`. Source: OpenShift's table printer. */
export const IMAGE_STREAM_TAG_LAYOUT: TableLayout<ImageStreamTag> = {
  columns: [
    column('Name', 'Stream and tag.', { format: 'name' }),
    column('Image Reference', REFERENCE),
    column('Updated', UPDATED),
    column('Image Name', IMAGE_NAME, { priority: 1 }),
  ],
  cellsOf: ({ metadata, image }, now) => [
    metadata.name,
    image.dockerImageReference ?? '',
    age(metadata.creationTimestamp, now),
    image.metadata.name,
  ],
};

/** The table of `oc get isimage`. Source: OpenShift's table printer. */
export const IMAGE_STREAM_IMAGE_LAYOUT: TableLayout<ImageStreamImage> = {
  columns: [
    column('Name', 'Stream and image.', { format: 'name' }),
    column('Updated', UPDATED),
    column('Image Reference', REFERENCE, { priority: 1 }),
    column('Image Name', IMAGE_NAME, { priority: 1 }),
  ],
  cellsOf: ({ metadata, image }, now) => [
    metadata.name,
    age(metadata.creationTimestamp, now),
    image.dockerImageReference,
    image.metadata.name,
  ],
};

/** The table of `oc get image`. Source: OpenShift's table printer. */
export const IMAGE_LAYOUT: TableLayout<Image> = {
  columns: [column('Name', IMAGE_NAME, { format: 'name' }), column('Image Reference', REFERENCE)],
  cellsOf: ({ metadata, dockerImageReference }) => [metadata.name, dockerImageReference],
};

function age(created: string | undefined, now: number): string {
  return created === undefined ? '' : `${formatAge(now - Date.parse(created))} ago`;
}

function column(
  name: string,
  description: string,
  { format = '', priority = 0 }: { readonly format?: string; readonly priority?: number } = {},
): TableColumn {
  return { name, type: 'string', format, description, priority };
}
